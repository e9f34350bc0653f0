import { aggregate, app, event, type Headwater, type Moment, openStore } from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { type MakeStore, storesOf } from '../support/stores.ts'

const Posted = event('Posted', z.object({ amount: z.int() }))
const account = aggregate('account', {
  events: [Posted],
  commands: [],
  // In what order they came shows as well.
  initial: { amounts: [] as readonly number[] },
  evolve: { Posted: (state, { data }) => ({ amounts: [...state.amounts, data.amount] }) },
  decide: {},
})
const ledger = app({ name: 'ledger', aggregates: [account] })

interface Posting {
  readonly id: string
  readonly tenant: string
  readonly amount: number
  /** Days after a day: late ones among them. */
  readonly day: number
}

const posting: fc.Arbitrary<Posting> = fc.record({
  id: fc.constantFrom('a', 'b'),
  tenant: fc.constantFrom('', 'acme'),
  amount: fc.integer({ min: -9, max: 9 }),
  day: fc.integer({ min: 0, max: 5 }),
})

const dayOf = (day: number) => new Date(Date.UTC(2010, 11, 1 + day))

async function recorded(makeStore: MakeStore, postings: readonly Posting[]): Promise<Headwater> {
  const headwater = await openStore(ledger, await makeStore())
  for (const { id, tenant, amount, day } of postings)
    await headwater.append(`account-${id}`, [{ ...Posted({ amount }), occurredAt: dayOf(day) }], { tenant })
  return headwater
}

/** What an account should be as of a moment: the fold of what belonged to it then. */
function expected(postings: readonly Posting[], id: string, tenant: string, at: Moment | undefined) {
  const own = postings
    .map((one, index) => ({ ...one, position: index + 1 }))
    .filter((one) => one.id === id && one.tenant === tenant)
    .map((one, index) => ({ ...one, revision: index + 1 }))
    .filter(({ position, day }) => {
      return at === undefined || (typeof at === 'number' ? position <= at : dayOf(day) <= at)
    })
  return { state: { amounts: own.map(({ amount }) => amount) }, revision: own.at(-1)?.revision ?? 0, own }
}

describe.each(storesOf('as-of'))('a stream as of a moment, with %s,', (name, makeStore) => {
  it('is the fold of what belonged to it then, at every position and every instant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(posting, { maxLength: 12 }), async (postings) => {
        const headwater = await recorded(makeStore, postings)
        const moments: readonly (Moment | undefined)[] = [
          ...Array.from({ length: postings.length + 1 }, (_, position) => position),
          ...Array.from({ length: 6 }, (_, day) => dayOf(day)),
          undefined,
        ]
        for (const at of moments) {
          for (const id of ['a', 'b']) {
            for (const tenant of ['', 'acme']) {
              const { state, revision, own } = expected(postings, id, tenant, at)
              const scope = { at, tenant }
              expect(await headwater.state(account, id, scope)).toEqual({ state, revision })
              const page = await headwater.readStream(`account-${id}`, scope)
              expect([page.revision, page.events.map(({ revision: one }) => one)]).toEqual([
                revision,
                own.map(({ revision: one }) => one),
              ])
              const history = await headwater.history(`account-${id}`, scope)
              expect(history.revision).toBe(revision)
              expect(history.items.at(-1)?.state ?? history.initial).toEqual(state)
            }
          }
        }
        await headwater.close()
      }),
      { numRuns: name === 'PostgreSQL' ? 4 : 25 },
    )
  })

  it('is told of page by page, each event with what it changed', async () => {
    const headwater = await recorded(makeStore, [])
    onTestFinished(() => headwater.close())
    const events = Array.from({ length: 1_203 }, (_, amount) => ({
      ...Posted({ amount }),
      occurredAt: dayOf(amount % 2),
    }))
    await headwater.append('account-a', events)
    const odd: number[] = []
    for (let after = 0; ; ) {
      const page = await headwater.history('account-a', { at: dayOf(0), after, limit: 400 })
      odd.push(...page.items.map(({ event: { revision } }) => revision))
      after = page.items.at(-1)?.event.revision ?? page.revision
      if (after >= page.revision) break
    }
    expect(odd).toEqual(Array.from({ length: 602 }, (_, index) => 2 * index + 1))
    const { initial, items } = await headwater.history('account-a', { at: 1_000, after: 998 })
    expect((initial as { amounts: unknown[] }).amounts).toHaveLength(998)
    expect(items.map(({ changed }) => changed)).toEqual([
      [{ path: 'amounts.998', before: null, after: 998 }],
      [{ path: 'amounts.999', before: null, after: 999 }],
    ])
  })

  it('is refused as of a position that is not there yet, and given once it is', async () => {
    const headwater = await recorded(makeStore, [{ id: 'a', tenant: '', amount: 1, day: 0 }])
    onTestFinished(() => headwater.close())
    for (const read of [
      () => headwater.state(account, 'a', { at: 2 }),
      () => headwater.readStream('account-a', { at: 2 }),
      () => headwater.history('account-a', { at: 2 }),
    ])
      await expect(read()).rejects.toMatchObject({ code: 'time.not-yet', details: { head: 1, at: 2 } })
    await headwater.append('account-b', [Posted({ amount: 2 })])
    expect(await headwater.state(account, 'a', { at: 2 })).toMatchObject({ revision: 1 })
  })
})
