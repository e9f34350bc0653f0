import { describe, expect, it } from 'vitest'
import { get, post, request, serve, type Served } from './support/serve.ts'

async function withCounters(...names: string[]): Promise<Served> {
  const served = await serve()
  for (const [index, counterId] of names.entries())
    await post(served, 'Increment', { counterId, by: index + 1 }, { 'idempotency-key': `c-${index + 1}` })
  return served
}

interface Place {
  readonly id: string
  readonly position: number
  readonly head: number
  readonly step: {
    readonly event: { readonly position: number }
    readonly aggregate: unknown
    readonly documents: readonly { readonly view: string }[]
    readonly heldBack: readonly unknown[]
  } | null
}

async function send(served: Served, path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await served.gateway.fastify.inject({
    method: 'POST',
    url: path,
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
  return { status: answer.statusCode, body: answer.json() as Place & { code?: string } }
}

describe('/debug', () => {
  it('begins a session, goes through events and back, and tells what each of them changed', async () => {
    const served = await withCounters('a', 'b', 'a')
    const { status, body } = await send(served, '/debug', {})
    expect([status, body]).toMatchObject([201, { position: 0, head: 3, step: null }])
    const move = async (one: unknown) => (await send(served, `/debug/${body.id}/step`, one)).body
    const first = await move({})
    expect(first).toMatchObject({
      position: 1,
      step: {
        event: { position: 1, stream: 'counter-a' },
        aggregate: {
          stream: 'counter-a',
          after: { value: 1 },
          changed: [{ path: 'value', before: 0, after: 1 }],
        },
      },
    })
    expect(first.step?.documents).toContainEqual(
      expect.objectContaining({ view: 'totals', key: 'a', before: null }),
    )
    expect((await move({ to: 3 })).position).toBe(3)
    expect((await move({ direction: 'back' })).position).toBe(2)
    expect((await get(served, `/debug/${body.id}`)).json()).toMatchObject({ position: 2 })
    expect((await move({ direction: 'back', type: 'Incremented' })).position).toBe(1)
    expect((await move({ until: { path: 'value', operator: 'gte', value: 4 } })).position).toBe(3)
    expect(await move({})).toMatchObject({ position: 3, step: null })
  })

  it('goes through a part of the log', async () => {
    const served = await withCounters('a', 'b', 'a')
    const { body } = await send(served, '/debug', { streams: ['counter-a'], from: 1 })
    expect((await send(served, `/debug/${body.id}/step`, {})).body.position).toBe(3)
    const traced = await send(served, '/debug', { correlation: 'c-2' })
    expect((await send(served, `/debug/${traced.body.id}/step`, {})).body.position).toBe(2)
  })

  it('goes through a branch, and ends with it', async () => {
    const served = await withCounters('a', 'b')
    await send(served, '/branches', { name: 'what-if', at: 1 })
    const increment = { counterId: 'a', by: 40 }
    expect((await send(served, '/commands/Increment?branch=what-if', increment)).status).toBe(200)
    const { body } = await send(served, '/debug?branch=what-if', { from: 1 })
    expect(body).toMatchObject({ position: 1, head: 2 })
    expect((await send(served, `/debug/${body.id}/step`, {})).body).toMatchObject({
      position: 2,
      step: {
        aggregate: { stream: 'counter-a', before: { value: 1 }, after: { value: 41 } },
        documents: expect.arrayContaining([expect.objectContaining({ view: 'totals', key: 'a' })]),
      },
    })
    expect(await send(served, '/debug?branch=nowhere', {})).toMatchObject({
      status: 404,
      body: { code: 'branch.unknown' },
    })
    expect((await request(served, 'DELETE', '/branches/what-if')).status).toBe(204)
    expect(await send(served, `/debug/${body.id}/step`, {})).toMatchObject({
      status: 404,
      body: { code: 'branch.unknown' },
    })
  })

  it('forgets a session that is ended', async () => {
    const served = await withCounters('a')
    const { body } = await send(served, '/debug', {})
    expect((await request(served, 'DELETE', `/debug/${body.id}`)).status).toBe(204)
    expect((await get(served, `/debug/${body.id}`)).json()).toMatchObject({
      status: 404,
      code: 'debug.unknown',
    })
    expect((await request(served, 'DELETE', `/debug/${body.id}`)).status).toBe(404)
  })

  it('keeps a session to its tenant', async () => {
    const served = await withCounters('a')
    const { body } = await send(served, '/debug', {}, { 'headwater-tenant': 'acme' })
    expect((await get(served, `/debug/${body.id}`, { 'headwater-tenant': 'acme' })).status).toBe(200)
    expect((await get(served, `/debug/${body.id}`, { 'headwater-tenant': 'globex' })).status).toBe(404)
    expect((await send(served, `/debug/${body.id}/step`, {})).body.code).toBe('debug.unknown')
    const moved = await send(served, `/debug/${body.id}/step`, {}, { 'headwater-tenant': 'acme' })
    expect(moved.body.step).toBeNull()
  })

  it('keeps a hundred sessions', async () => {
    const served = await withCounters('a')
    for (let count = 0; count < 100; count += 1) expect((await send(served, '/debug', {})).status).toBe(201)
    expect(await send(served, '/debug', {})).toMatchObject({ status: 503, body: { code: 'debug.too-many' } })
  })

  it('refuses what it does not understand', async () => {
    const served = await withCounters('a')
    const { body } = await send(served, '/debug', {})
    for (const wrong of [
      { streams: 'a' },
      { from: -1 },
      { speed: 2 },
      { streams: ['a'], correlation: 'c-1' },
    ])
      expect((await send(served, '/debug', wrong)).status).toBe(400)
    for (const wrong of [
      { to: 1, type: 'Incremented' },
      { direction: 'up' },
      { until: { path: 1 } },
      { until: 3 },
    ])
      expect((await send(served, `/debug/${body.id}/step`, wrong)).status).toBe(400)
    expect((await send(served, '/debug', { from: 2 })).status).toBe(409)
    expect((await send(served, '/debug', { correlation: 'nothing' })).status).toBe(404)
  })
})
