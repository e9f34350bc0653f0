import { expect, it } from 'vitest'
import { get, post, request, serve } from './support/serve.ts'

const headers = { 'content-type': 'application/json' }

it('replays a branch: facts, or decisions, and says what is asked wrongly', async () => {
  const served = await serve()
  await post(served, 'Increment', { counterId: 'a', by: 1 })
  await post(served, 'Increment', { counterId: 'a', by: 2 })
  await request(served, 'POST', '/branches', { payload: '{"name":"what-if"}', headers })
  const replay = (body: object, name = 'what-if') =>
    request(served, 'POST', `/branches/${name}/replay`, { payload: JSON.stringify(body), headers })

  const facts = await replay({ mode: 'facts' })
  expect(facts.json()).toMatchObject({ mode: 'facts', branch: 'what-if', position: 2, decisions: null })
  const clean = await replay({ mode: 'decisions' })
  expect(clean.json()).toMatchObject({ decisions: { from: null, commands: { decided: 0 } } })

  const { events } = (await get(served, '/events')).json() as { events: readonly { id: string }[] }
  const omitted = await request(served, 'POST', `/events/${events[0]?.id}/ignore?branch=what-if`, {
    payload: '{"why":"a test"}',
    headers,
  })
  expect(omitted.status).toBeLessThan(300)
  const again = await replay({ mode: 'decisions', all: true })
  expect(again.json()).toMatchObject({ decisions: { from: 1, commands: { looked: 2, decided: 2 } } })

  expect((await replay({ mode: 'dreams' })).json()).toMatchObject({ code: 'request.malformed' })
  expect((await replay({ mode: 'decisions', from: 0 })).json()).toMatchObject({ code: 'replay.invalid' })
  expect((await replay({ mode: 'facts' }, 'main')).json()).toMatchObject({ code: 'branch.invalid' })
  expect((await replay({ mode: 'facts' }, 'nowhere')).status).toBe(404)
})
