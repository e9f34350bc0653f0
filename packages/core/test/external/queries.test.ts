import { app, memoryStore, query, systemClock } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { running, until } from '../support/running.ts'
import { Bureau, exchange, Note } from './support.ts'

function asking(bureau: Bureau, options: Parameters<typeof exchange>[1] = {}) {
  const { exchangeRate, note } = exchange(bureau, options)
  const rateOf = query('RateOf', {
    handle: async (_input, { call }) => (await call(exchangeRate({ from: 'EUR', to: 'USD' }))).rate,
  })
  return {
    exchangeRate,
    rateOf,
    app: app({ name: 'asking', handlers: [note], queries: [rateOf], externals: [exchangeRate] }),
  }
}

describe('a query that asks the outside', () => {
  it('gets an answer of its own each time, and leaves it in the journal', async () => {
    const { rateOf, app: what } = asking(new Bureau())
    const headwater = await running(what)
    expect(await headwater.query(rateOf())).toBe(1)
    expect(await headwater.query(rateOf())).toBe(2)
    const calls = await headwater.externals.calls()
    expect(calls.map(({ caller, answer }) => [caller.kind, caller.name, answer])).toEqual([
      ['query', 'RateOf', { rate: 2 }],
      ['query', 'RateOf', { rate: 1 }],
    ])
    expect(new Set(calls.map(({ caller }) => caller.id)).size).toBe(2)
  })

  it('is no side effect of a query', async () => {
    const { app: what, exchangeRate } = asking(new Bureau())
    const cheeky = query('Cheeky', {
      handle: async (_input, { call }) => {
        await call(exchangeRate({ from: 'EUR', to: 'USD' }))
        await headwater.execute(Note({ noteId: '1' }))
      },
    })
    const contexts = what.contexts.map((context) => ({ ...context, queries: [cheeky] }))
    const headwater = await running({ ...what, contexts })
    await expect(headwater.query(cheeky())).rejects.toMatchObject({ code: 'query.side-effect' })
  })

  it('leaves the outside when it is given up', async () => {
    const bureau = new Bureau()
    const { rateOf, app: what } = asking(bureau)
    let signal: AbortSignal | undefined
    bureau.answer = (_request, context) => {
      signal = context.signal
      return new Promise(() => undefined)
    }
    const headwater = await running(what)
    await expect(headwater.query(rateOf(), { timeLimit: 5 })).rejects.toMatchObject({ code: 'query.timeout' })
    await until(() => signal?.aborted === true)
    expect(await headwater.externals.calls()).toEqual([])
  })

  it('is answered as it was at a time by what was answered by then, whoever asked', async () => {
    let now = 1_000
    const bureau = new Bureau()
    const { rateOf, app: what } = asking(bureau)
    const clock = { ...systemClock, now: () => now }
    const headwater = await running(what, { store: memoryStore({ now: () => now }), clock })
    await headwater.query(rateOf())
    now = 2_000
    await headwater.execute(Note({ noteId: 'a' }))
    const { position } = await headwater.head()
    now = 3_000
    await headwater.query(rateOf())
    const asOf = (at: number | Date) => headwater.query(rateOf(), { at })
    expect(await asOf(new Date(1_999))).toBe(1)
    expect(await asOf(new Date(2_000))).toBe(3)
    expect(await asOf(position)).toBe(3)
    expect(await asOf(new Date(3_000))).toBe(4)
    await expect(asOf(new Date(999))).rejects.toMatchObject({ code: 'external.blocked' })
    expect(headwater.externals.blocked()[0]?.why).toBe('the same request had no answer by then')
    expect(bureau.asked).toHaveLength(4)
  })
})

describe('calls that are kept for a time', () => {
  it('are forgotten when it has passed, and others are not', async () => {
    const store = memoryStore({ now: () => 1_000 })
    const kept = await running(asking(new Bureau()).app, { store })
    await kept.queryRaw('RateOf', undefined)
    expect(await kept.externals.calls()).toHaveLength(1)
    const forgetful = await running(asking(new Bureau(), { keepFor: 60_000 }).app, { store })
    await expect.poll(() => forgetful.externals.calls()).toEqual([])
  })

  it('are forgotten every hour', async () => {
    const hours: (() => void)[] = []
    const clock = {
      ...systemClock,
      every: (milliseconds: number, work: () => void) => {
        if (milliseconds === 3_600_000) hours.push(work)
        return systemClock.every(milliseconds, work)
      },
    }
    let now = Date.now()
    const store = memoryStore({ now: () => now })
    const { app: what, rateOf } = asking(new Bureau(), { keepFor: 60_000 })
    const headwater = await running(what, { store, clock })
    now -= 120_000
    await headwater.query(rateOf())
    expect(hours).toHaveLength(1)
    hours[0]?.()
    await expect.poll(() => headwater.externals.calls()).toEqual([])
  })
})
