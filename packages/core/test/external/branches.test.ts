import { app, memoryStore, query, systemClock } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { running } from '../support/running.ts'
import { Bureau, Convert, exchange } from './support.ts'

async function branched() {
  let now = 1_000
  const bureau = new Bureau()
  const { exchangeRate, purse } = exchange(bureau)
  const rateOf = query('RateOf', {
    handle: async (_input, { call }) => (await call(exchangeRate({ from: 'EUR', to: 'USD' }))).rate,
  })
  const store = memoryStore({ now: () => now })
  const headwater = await running(
    app({ name: 'branched', aggregates: [purse], queries: [rateOf], externals: [exchangeRate] }),
    { store, clock: { ...systemClock, now: () => now } },
  )
  await headwater.execute(Convert({ purseId: 'a', amount: 1 }), { id: 'c-1' })
  now = 2_000
  const { position } = await headwater.head()
  await headwater.branches.create('what-if', { at: position })
  now = 3_000
  await headwater.execute(Convert({ purseId: 'a', amount: 1 }), { id: 'c-2' })
  return { headwater, bureau, store, rateOf, branch: headwater.branch('what-if') }
}

describe('on a branch', () => {
  it('a command whose call was not answered before reaches nothing, and that is reported', async () => {
    const { branch, bureau, store } = await branched()
    const asked = bureau.asked.length
    await expect(branch.execute(Convert({ purseId: 'b', amount: 1 }), { id: 'c-9' })).rejects.toMatchObject({
      code: 'external.blocked',
    })
    expect(bureau.asked).toHaveLength(asked)
    expect(await branch.blocked()).toMatchObject([
      { external: 'exchange-rate', caller: { kind: 'command', name: 'Convert', id: 'c-9' } },
    ])
    const { id } = (await store.branches?.find('', 'what-if')) ?? { id: -1 }
    const kept = await store.externals.list({ branch: id, tenant: '', limit: 10, longest: 100 })
    expect(kept.map(({ status, caller }) => [status, caller.id])).toEqual([['blocked', 'c-9']])
  })

  it('nothing is written into main’s journal', async () => {
    const { headwater, branch } = await branched()
    const before = await headwater.externals.calls()
    await expect(branch.execute(Convert({ purseId: 'b', amount: 1 }))).rejects.toThrow('was not called')
    expect(await headwater.externals.calls()).toEqual(before)
  })

  it('a query is answered as it was where the branch began', async () => {
    const { headwater, branch, bureau, rateOf } = await branched()
    expect(await headwater.query(rateOf())).toBe(3)
    expect(await branch.query(rateOf())).toBe(1)
    expect(bureau.asked).toHaveLength(3)
  })
})
