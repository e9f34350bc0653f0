import { like, spec } from '@headwater/core/spec'
import { answers, get, http, post } from '@headwater/gateway/spec'
import { describe, expect, it } from 'vitest'
import { counters, Incremented, Overflowed } from './support/app.ts'

const three = post('/commands/Increment', { counterId: 'a', by: 3 })

describe('a specification over HTTP', () => {
  it('expects what a request is answered with: its status, its body and its headers', async () => {
    await spec(counters)
      .when(three)
      .thenThat(answers(200, like({ stream: 'counter-a', revision: 1 }), { etag: '"1"' }))
  })

  it('expects what the request leads to as it does of commands', async () => {
    await spec(counters)
      .given('counter-a', Incremented({ by: 40 }))
      .when(post('/commands/Increment', { counterId: 'a', by: 50 }))
      .thenRecorded('counter-a', Incremented({ by: 50 }), 'alarm-a', Overflowed({ by: 50 }))
      .thenThat(answers(200))
  })

  it('has nothing to wait for: what was done can be read', async () => {
    await spec(counters)
      .given('counter-a', Incremented({ by: 60 }))
      .when(get('/views/totals/a'))
      .thenThat(answers(200, { key: 'a', position: 1, doc: { name: 'a', total: 60, big: true, half: 30 } }))
  })

  it('gives the same ids and times in every run', async () => {
    await spec(counters)
      .at('2026-11-01')
      .given('counter-a', Incremented({ by: 1 }))
      .when(get('/events'))
      .thenThat(
        answers(
          200,
          like({
            head: 1,
            events: [
              like({
                id: '01a19467-e800-7000-8000-000000000001.1',
                recordedAt: '2026-11-01T00:00:00.000Z',
                occurredAt: '2026-11-01T00:00:00.000Z',
              }),
            ],
          }),
        ),
      )
  })

  it('expects problems by their code', async () => {
    await spec(counters)
      .when(post('/commands/Increment', { counterId: 'a', by: 101 }))
      .thenThat(answers(422, like({ code: 'too-high' })))
      .thenNothing()
    await spec(counters).when(get('/nowhere')).thenThat(answers(404))
  })

  it('asks with the headers and as the actor that the test names', async () => {
    const asRoot = http({ actor: ({ headers }) => String(headers['x-user']) })
    await spec(counters)
      .given('counter-a', Incremented({ by: 7 }))
      .when(asRoot.post('/commands/Reset', { counterId: 'a' }, { 'x-user': 'root' }))
      .thenRecorded(like(Incremented, { by: -7 }, { actor: 'root' }))
    await spec(counters)
      .when(post('/commands/Reset', { counterId: 'a' }))
      .thenThat(answers(403))
  })

  it('takes any method', async () => {
    await spec(counters)
      .when(http().request('DELETE', '/events'))
      .thenThat(answers(405, undefined, { allow: 'GET, HEAD' }))
  })
})

describe('a failing expectation over HTTP says', () => {
  const said = (expected: Promise<unknown>): Promise<string> =>
    expected.then(
      () => 'The expectation was met',
      (error: unknown) => `\n${error instanceof Error ? error.message : String(error)}`,
    )

  it('what else was answered, with the body where the status is another one', async () => {
    const refused = spec(counters).when(post('/commands/Increment', { counterId: 'a', by: 101 }))
    expect(await said(refused.thenThat(answers(200)))).toMatchInlineSnapshot(`
      "
      counters: POST /commands/Increment was answered otherwise than expected
        at status
          expected  200
          actual    422
        at body
          expected  (nothing)
          actual    { type: '/reference/errors#rejected', title: 'The command was rejected.', status: 422, code: 'too-high', det …

      when    POST /commands/Increment  { counterId: 'a', by: 101 }
      "
    `)
  })

  it('where the body differs', async () => {
    const done = spec(counters)
      .given('counter-b', Incremented({ by: 1 }))
      .when(three)
    expect(await said(done.thenThat(answers(200, like({ revision: 2 }))))).toMatchInlineSnapshot(`
      "
      counters: POST /commands/Increment was answered otherwise than expected
        at body.revision
          expected  2
          actual    1

      given   counter-b  Incremented               { by: 1 }
      when               POST /commands/Increment  { counterId: 'a', by: 3 }
      then    counter-a  Incremented               { by: 3 }
      "
    `)
  })

  it('that there was no request', async () => {
    const nothing = spec(counters).given('counter-b', Incremented({ by: 1 }))
    expect(await said(nothing.thenThat(answers(200)))).toContain('there was none')
  })
})
