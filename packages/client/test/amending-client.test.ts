import { afterEach, expect, it } from 'vitest'
import { createClient } from '../src/index.ts'
import { bodyOf, serve } from './server.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

it('amends by one request each, which may safely be sent again', async () => {
  const asked: unknown[] = []
  const { url, stop } = await serve(async (request, response) => {
    const key = request.headers['idempotency-key']
    asked.push([request.url, JSON.parse(await bodyOf(request)), typeof key])
    response.setHeader('content-type', 'application/json').end('{"amendments":[]}')
  })
  stops.push(stop)
  const client = createClient({ url })
  const why = 'it was so'
  await client.ignore('a.1', { why })
  await client.correct('a.1', { data: { by: 2 } }, { why, id: 'c-1' })
  await client.restore('a.1', { why })
  await client.insert('a.1', { type: 'Sold', data: {}, occurredAt: '2020-01-01' }, { why })
  await client.amend([{ omit: 'a.1' }, { replace: { event: 'a.2', data: {} } }], { why })
  expect(asked).toEqual([
    ['/events/a.1/ignore', { why }, 'string'],
    ['/events/a.1/correct', { why, data: { by: 2 } }, 'string'],
    ['/events/a.1/restore', { why }, 'string'],
    ['/events/a.1/insert', { why, type: 'Sold', data: {}, occurredAt: '2020-01-01' }, 'string'],
    ['/amendments', { why, edits: [{ omit: 'a.1' }, { replace: { event: 'a.2', data: {} } }] }, 'string'],
  ])
})
