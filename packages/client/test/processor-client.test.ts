import { afterEach, describe, expect, it } from 'vitest'
import { createClient, type ProcessorClient } from '../src/index.ts'
import { bodyOf, serve } from './server.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** The client of a processor whose server notes what it is asked, and answers the same to all. */
async function processor(
  answer: object,
): Promise<{ readonly client: ProcessorClient; readonly asked: object[] }> {
  const asked: object[] = []
  const { url, stop } = await serve(async (request, response) => {
    const body = await bodyOf(request)
    asked.push({
      asked: `${request.method} ${request.url}`,
      ...(body !== '' && { body: JSON.parse(body) }),
      ...(request.headers['headwater-tenant'] !== undefined && {
        tenant: request.headers['headwater-tenant'],
      }),
    })
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  stops.push(stop)
  return { client: createClient({ url }).processor('send mail'), asked }
}

describe('a processor', () => {
  it('is paused for a reason, resumed, and reset', async () => {
    const { client, asked } = await processor({ name: 'send mail' })
    expect(await client.pause({ why: 'The server moves' })).toEqual({ name: 'send mail' })
    await client.resume()
    await client.reset({ to: 7, repeatEffects: true, why: 'Once more' })
    expect(asked).toEqual([
      { asked: 'POST /processors/send%20mail/pause', body: { why: 'The server moves' } },
      { asked: 'POST /processors/send%20mail/resume', body: {} },
      {
        asked: 'POST /processors/send%20mail/reset',
        body: { to: 7, repeatEffects: true, why: 'Once more' },
      },
    ])
  })

  it('tells what became of events, and what operators did', async () => {
    const { client, asked } = await processor({ results: [{ position: 4 }], acts: [{ kind: 'pause' }] })
    expect(await client.results({ after: 3, limit: 1 })).toEqual([{ position: 4 }])
    expect(await client.acts()).toEqual([{ kind: 'pause' }])
    expect(asked).toEqual([
      { asked: 'GET /processors/send%20mail/results?after=3&limit=1' },
      { asked: 'GET /processors/send%20mail/acts' },
    ])
  })
})

describe('what a processor has parked', () => {
  const place = { sequence: 'order-1/2', position: 7 }

  it('is listed by keys and by events, and shown', async () => {
    const { client, asked } = await processor({ sequences: [place], events: [place], behind: 2 })
    expect(await client.parked.sequences({ allTenants: true })).toEqual([place])
    expect(await client.parked.list({ sequence: 'order-1/2' })).toEqual([place])
    expect(await client.parked.show({ ...place, tenant: 'acme' })).toMatchObject({ behind: 2 })
    expect(asked).toEqual([
      { asked: 'GET /processors/send%20mail/parked/sequences?allTenants=true' },
      { asked: 'GET /processors/send%20mail/parked?sequence=order-1%2F2' },
      { asked: 'GET /processors/send%20mail/parked/7?sequence=order-1%2F2', tenant: 'acme' },
    ])
  })

  it('is edited, retried and dropped, of the tenant that is named', async () => {
    const { client, asked } = await processor({ asked: 1, dropped: 3 })
    await client.parked.edit(place, { data: { to: 'ada' }, why: 'A slip' })
    expect(await client.parked.retry({ sequence: 'order-1/2', tenant: '' })).toBe(1)
    expect(await client.parked.drop({ sequence: 'order-1/2', tenant: 'acme', why: 'Too late' })).toBe(3)
    expect(asked).toEqual([
      {
        asked: 'PUT /processors/send%20mail/parked/7?sequence=order-1%2F2',
        body: { data: { to: 'ada' }, why: 'A slip' },
      },
      { asked: 'POST /processors/send%20mail/parked/retry', body: { sequence: 'order-1/2' } },
      {
        asked: 'POST /processors/send%20mail/parked/drop',
        body: { sequence: 'order-1/2', why: 'Too late' },
        tenant: 'acme',
      },
    ])
  })
})
