import { describe, expect, it } from 'vitest'
import { describedClient } from './support/described.ts'
import { get, post, serve, type Served } from './support/serve.ts'

async function withCounters(...names: string[]): Promise<Served> {
  const served = await serve()
  for (const [index, counterId] of names.entries())
    await post(served, 'Increment', { counterId, by: index + 1 })
  return served
}

describe('GET /streams/{stream}/state', () => {
  it('gives the state of now, tagged with its revision', async () => {
    const served = await withCounters('a', 'b', 'a')
    const answer = await get(served, '/streams/counter-a/state')
    expect([answer.status, answer.headers['etag'], answer.json()]).toEqual([
      200,
      '"2"',
      { stream: 'counter-a', revision: 2, state: { value: 4, notes: 0 } },
    ])
    expect((await get(served, '/streams/counter-a/state', { 'if-none-match': '"2"' })).status).toBe(304)
  })

  it('gives that as of a position, which stays the same whatever is recorded after it', async () => {
    const served = await withCounters('a', 'b', 'a')
    const then = async () => (await get(served, '/streams/counter-a/state?at=2')).json()
    expect(await then()).toEqual({ stream: 'counter-a', revision: 1, state: { value: 1, notes: 0 } })
    await post(served, 'Increment', { counterId: 'a', by: 9 })
    expect(await then()).toEqual({ stream: 'counter-a', revision: 1, state: { value: 1, notes: 0 } })
    expect((await get(served, '/streams/counter-a?at=2')).json()['events']).toHaveLength(1)
  })

  it('gives that of what had occurred by a time', async () => {
    const served = await serve()
    const { headwater } = served
    const occurredAt = (day: string) => ({ occurredAt: new Date(day) })
    await headwater.executeRaw('Increment', { counterId: 'a', by: 1 }, occurredAt('2010-12-01T08:26:00Z'))
    await headwater.executeRaw('Increment', { counterId: 'a', by: 2 }, occurredAt('2010-12-03T09:30:00Z'))
    const at = async (time: string) => (await get(served, `/streams/counter-a/state?at=${time}`)).json()
    expect(await at('2010-12-02')).toMatchObject({ revision: 1, state: { value: 1 } })
    expect(await at('2010-12-03T09:30:00Z')).toMatchObject({ revision: 2, state: { value: 3 } })
    expect(await at('2010-11-30')).toMatchObject({ status: 404, code: 'stream.not-found' })
  })

  it('is a 409 as of a position that the log has not reached, a 400 as of what is no moment', async () => {
    const served = await withCounters('a')
    for (const path of ['', '/history', '/state']) {
      const ahead = await get(served, `/streams/counter-a${path}?at=2`)
      expect(ahead.json()).toMatchObject({ status: 409, code: 'time.not-yet' })
      for (const at of ['yesterday', '-1', '2010-13-45', '9'.repeat(30)])
        expect((await get(served, `/streams/counter-a${path}?at=${at}`)).json()).toMatchObject({
          status: 400,
          errors: [{ parameter: 'at' }],
        })
    }
  })
})

describe('GET /views/{name}/forecast', () => {
  it('continues a number as the document says', async () => {
    const served = await serve()
    for (let day = 1; day <= 20; day += 1)
      await served.headwater.executeRaw(
        'Increment',
        { counterId: 'a', by: 1 + (day % 3) },
        { occurredAt: new Date(Date.UTC(2010, 11, day, 9)) },
      )
    const client = await describedClient(served)
    const asked = { field: 'total', every: 'day', horizon: 3, to: '2010-12-21' }
    const answer = await client.call('forecast.totals', { parameters: { ...asked, level: 0.8, season: 3 } })
    expect(answer.json()).toMatchObject({
      key: null,
      level: 0.8,
      past: { length: 20 },
      future: { length: 3 },
    })
    const one = await client.call('forecast.totals', { parameters: { ...asked, key: 'a', method: 'drift' } })
    expect(one.json()).toMatchObject({ key: 'a', method: 'drift', season: null })
    const refusals = [
      [{ ...asked, to: '2010-12-03' }, 422, 'forecast.too-short'],
      [{ ...asked, field: 'name' }, 422, 'forecast.not-numeric'],
      [{ ...asked, timeZone: 'Nowhere' }, 400, 'forecast.invalid'],
      [{ ...asked, level: 2 }, 400, 'request.malformed'],
    ] as const
    for (const [parameters, status, code] of refusals) {
      const refused = await client.call('forecast.totals', { parameters })
      expect([refused.status, refused.json()['code']]).toEqual([status, code])
    }
    expect((await get(served, '/views/totals/forecast?every=day')).json()['errors']).toHaveLength(2)
  })
})
