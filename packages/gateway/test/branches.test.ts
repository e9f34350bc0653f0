import { describe, expect, it } from 'vitest'
import { describedClient } from './support/described.ts'
import { follow } from './support/follow.ts'
import { type Answer, get, listen, post, request, serve, type Served } from './support/serve.ts'

async function begin(served: Served, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  return request(served, 'POST', '/branches', {
    payload: JSON.stringify(body),
    headers: { ...json, ...headers },
  })
}

const json = { 'content-type': 'application/json' }

/** Sends a command to a branch. */
function increment(served: Served, by: number, branch = 'what-if', headers: Record<string, string> = {}) {
  const payload = JSON.stringify({ counterId: 'a', by })
  return request(served, 'POST', `/commands/Increment?branch=${branch}`, {
    payload,
    headers: { ...json, ...headers },
  })
}

async function branched(): Promise<Served> {
  const served = await serve()
  await post(served, 'Increment', { counterId: 'a', by: 1 })
  expect((await begin(served, { name: 'what-if' })).status).toBe(201)
  return served
}

/** What is read of the counter by every route, on a branch. */
async function seen(served: Served, branch: string): Promise<unknown> {
  const at = `branch=${branch}`
  const read = async (path: string) => (await get(served, path)).json()
  const { events } = (await read(`/events?${at}`)) as { events: readonly { data: unknown }[] }
  const { events: stream } = (await read(`/streams/counter-a?${at}`)) as { events: readonly unknown[] }
  return {
    events: events.map(({ data }) => data),
    stream: stream.length,
    streams: (await read(`/streams?${at}`))['items'],
    history: ((await read(`/streams/counter-a/history?${at}`))['items'] as readonly unknown[]).length,
    state: (await read(`/streams/counter-a/state?${at}`))['revision'],
    commands: ((await read(`/commands?${at}`))['commands'] as readonly unknown[]).length,
    document: (await read(`/views/totals/a?waitFor=${events.length}&${at}`))['doc'],
    list: (await read(`/views/totals?waitFor=${events.length}&${at}`))['items'],
    answer: await read(`/queries/GetTotal?counterId=a&waitFor=head&${at}`),
  }
}

describe('?branch=', () => {
  it('sends commands to a branch, and reads it everywhere; main knows nothing of it', async () => {
    const served = await branched()
    const main = await seen(served, 'main')
    expect(await seen(served, 'what-if')).toEqual(main)
    const answer = await increment(served, 5, 'what-if', { 'idempotency-key': 'c-1', 'if-match': '"1"' })
    expect(answer.json()).toMatchObject({ commandId: 'c-1', revision: 2, position: 2 })
    expect(await seen(served, 'what-if')).toMatchObject({
      events: [{ by: 1 }, { by: 5 }],
      stream: 2,
      history: 2,
      state: 2,
      commands: 2,
      document: { total: 6 },
      answer: { total: 6 },
    })
    expect(await seen(served, 'main')).toEqual(main)
    expect((await get(served, '/events/c-1.1?branch=what-if')).status).toBe(200)
    expect((await get(served, '/trace/c-1?branch=what-if')).status).toBe(200)
    for (const path of ['/events/c-1.1', '/trace/c-1']) expect((await get(served, path)).status).toBe(404)
  })

  it('amends and reverts on a branch alone', async () => {
    const served = await branched()
    await increment(served, 5, 'what-if', { 'idempotency-key': 'c-1' })
    const send = (path: string, body: object) =>
      request(served, 'POST', `${path}?branch=what-if`, { payload: JSON.stringify(body), headers: json })
    const value = async (branch: string) =>
      (await get(served, `/streams/counter-a/state?branch=${branch}`)).json()['state']
    expect((await send('/events/c-1.1/ignore', { why: 'a mistake' })).status).toBe(200)
    expect(await value('what-if')).toMatchObject({ value: 1 })
    expect(await value('main')).toMatchObject({ value: 1 })
    expect((await send('/events/c-1.1/restore', { why: 'none' })).status).toBe(200)
    expect(await value('what-if')).toMatchObject({ value: 6 })
    const plan = await send('/streams/counter-a/revert', { to: 1, dryRun: true })
    expect(plan.json()['events']).toMatchObject([{ id: 'c-1.1' }])
    expect((await get(served, '/events')).json()['events']).toHaveLength(1)
  })

  it('follows a branch live', async () => {
    const served = await listen()
    await begin(served, { name: 'what-if' })
    const stream = await follow(served.url, '?branch=what-if')
    await post(served, 'Increment', { counterId: 'main', by: 1 })
    await increment(served, 5)
    await stream.until(1)
    expect(stream.messages.map(({ data }) => JSON.parse(data).stream)).toEqual(['counter-a'])
  })

  it('is refused where there is no such branch, and on routes that are about main alone', async () => {
    const served = await branched()
    for (const path of [
      '/events',
      '/streams',
      '/streams/counter-a',
      '/commands',
      '/views/totals',
      '/views/totals/a',
      '/queries/GetTotal?counterId=a',
    ]) {
      const at = `${path}${path.includes('?') ? '&' : '?'}branch=`
      expect([path, (await get(served, `${at}nowhere`)).json()]).toMatchObject([
        path,
        { status: 404, code: 'branch.unknown' },
      ])
      expect([path, (await get(served, `${at}a%20b`)).json()]).toMatchObject([
        path,
        { status: 400, code: 'branch.invalid' },
      ])
    }
    expect((await increment(served, 1, 'nowhere')).json()).toMatchObject({ code: 'branch.unknown' })
    for (const path of ['/processors', '/views', '/catalog'])
      expect((await get(served, `${path}?branch=what-if`)).json()).toMatchObject({
        code: 'request.unsupported',
      })
  })

  it('names a branch of the sender’s tenant, and of no other', async () => {
    const served = await serve()
    const of = (tenant: string) => ({ 'headwater-tenant': tenant })
    await begin(served, { name: 'what-if' }, of('acme'))
    expect((await increment(served, 5, 'what-if', of('acme'))).status).toBe(200)
    for (const tenant of ['globex', '']) {
      const headers = tenant === '' ? {} : of(tenant)
      expect((await increment(served, 5, 'what-if', headers)).json()).toMatchObject({
        code: 'branch.unknown',
      })
      expect((await get(served, '/events?branch=what-if', headers)).json()).toMatchObject({
        code: 'branch.unknown',
      })
      expect((await get(served, '/branches/what-if', headers)).json()).toMatchObject({
        code: 'branch.unknown',
      })
      expect((await request(served, 'DELETE', '/branches/what-if', { headers })).status).toBe(404)
      expect((await get(served, '/branches', headers)).json()).toEqual({ branches: [] })
    }
    const { branches } = (await get(served, '/branches', of('acme'))).json()
    expect(branches).toMatchObject([{ name: 'what-if', head: 1 }])
  })
})

describe('/branches', () => {
  it('begins, lists, shows, moves and drops branches as the document says', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a', by: 1 })
    const client = await describedClient(served)
    const created = await client.call('createBranch', { body: { name: 'one' } })
    expect([created.status, created.headers['location']]).toEqual([201, '/branches/one'])
    await client.call('createBranch', { body: { name: 'two', from: 'one', at: 0 } })
    await client.call('createBranch', {
      body: { name: 'three', at: new Date(Date.now() + 60_000).toISOString() },
    })
    const list = await client.call('listBranches', { parameters: { limit: 2 } })
    expect(list.json()['branches']).toMatchObject([
      { name: 'one', from: 'main', base: 1, head: 1 },
      { name: 'three', from: 'main', base: 1 },
    ])
    const next = await client.call('listBranches', { parameters: { after: 'three' } })
    expect(next.json()['branches']).toMatchObject([{ name: 'two', from: 'main', base: 0, basedAt: null }])
    const moved = await client.call('moveBranchClock', {
      parameters: { name: 'one' },
      body: { now: '2050-01-01T00:00:00Z' },
    })
    expect(moved.json()['now']).toMatch(/^2050-01-01T/)
    expect((await client.call('readBranch', { parameters: { name: 'one' } })).json()).toMatchObject({
      blocked: [],
    })
    await client.call('createBranch', { body: { name: 'child', from: 'one' } })
    expect((await client.call('dropBranch', { parameters: { name: 'one' } })).json()).toMatchObject({
      code: 'branch.has-branches',
    })
    expect((await client.call('dropBranch', { parameters: { name: 'child' } })).status).toBe(204)
    expect((await client.call('dropBranch', { parameters: { name: 'one' } })).status).toBe(204)
    expect((await client.call('readBranch', { parameters: { name: 'one' } })).status).toBe(404)
  })

  it.each([
    [{}, 400, 'request.malformed'],
    [{ name: 'main' }, 400, 'branch.invalid'],
    [{ name: 'a b' }, 400, 'branch.invalid'],
    [{ name: 'ok', at: 'yesterday' }, 400, 'request.malformed'],
    [{ name: 'ok', at: -1 }, 400, 'request.malformed'],
    [{ name: 'ok', at: 99 }, 409, 'time.not-yet'],
    [{ name: 'ok', from: 'nowhere' }, 404, 'branch.unknown'],
    [{ name: 'ok', form: 'main' }, 400, 'request.malformed'],
    [{ name: 'what-if' }, 409, 'branch.taken'],
  ])('refuses %j with %i %s', async (body, status, code) => {
    expect((await begin(await branched(), body)).json()).toMatchObject({ status, code })
  })
})
