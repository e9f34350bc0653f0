import { type Branch, type Headwater, openStore } from 'headwater'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Entry, eventOf, fragile, ledger, Posted } from '../support/ledger.ts'
import { storesOf } from '../support/stores.ts'

const entry = (amount: number, closes = false): Entry => {
  return { id: 'a', tenant: '', closes, amount, tag: '', day: 0 }
}

/** The view does not follow the type under which the second event was recorded. */
async function correctTheSecond(on: Branch | Headwater): Promise<void> {
  const { events } = await on.readEvents({ types: ['Closed'] })
  await on.correct(events[0]?.id ?? '', Posted({ amount: 5, tag: 'x' }), { why: 'it was not closed' })
  await on.append('account-a', [eventOf(entry(100))])
}

describe.each(
  storesOf('amended-types'),
)('an event corrected to one of another type, with %s,', (_, makeStore) => {
  it.each(['main', 'a branch'])('is folded by views that follow only that, on %s', async (place) => {
    const headwater = await openStore(ledger, await makeStore())
    onTestFinished(() => headwater.close())
    await headwater.append('account-a', [eventOf(entry(1)), eventOf(entry(0, true))])
    if (place === 'a branch') await headwater.branches.create('what-if')
    const on = place === 'main' ? headwater : headwater.branch('what-if')
    await correctTheSecond(on)
    const sumAt = async (at: number) => (await on.view(fragile).get('a', { at }))?.doc.sum
    expect([await sumAt(2), await sumAt(3), await sumAt(4)]).toEqual([1, 6, 106])
    expect((await on.view(fragile).get('a', { waitFor: 4 }))?.doc).toEqual({ sum: 106 })
  })
})
