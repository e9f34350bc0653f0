import { aggregate, app, event, historyView, type Moment, type NewEvent, view } from 'headwater'
import * as fc from 'fast-check'
import { z } from 'zod'

export const Posted = event('Posted', z.object({ amount: z.int(), tag: z.string() }))
export const Closed = event('Closed', z.object({}))

export const account = aggregate('account', {
  events: [Posted, Closed],
  commands: [],
  initial: { balance: 0 },
  evolve: {
    Posted: (state, { data }) => ({ balance: state.balance + data.amount }),
    Closed: () => ({ balance: 0 }),
  },
  decide: {},
})

const amounts = <const Name extends string>(name: Name, lifecycle: 'async' | 'inline' | 'live') =>
  view(name, {
    events: [Posted, Closed],
    // In what order they came shows as well.
    initial: { amounts: [] as readonly number[], times: 0 },
    on: {
      Posted: (doc, { data }) => ({ amounts: [...doc.amounts, data.amount].slice(-5), times: doc.times + 1 }),
      Closed: () => null,
    },
    lifecycle,
  })

/** Keys that go across streams, none or several for one event. */
export const byTag = view('by-tag', {
  events: [Posted],
  key: ({ data }) => (data.tag === '' ? undefined : data.tag.split('')),
  initial: (key: string) => ({ key, sum: 0, last: null as string | null }),
  on: { Posted: (doc, { data, stream }) => ({ ...doc, sum: doc.sum * 3 + data.amount, last: stream }) },
})

/** One that can't fold a certain amount: what follows for its key waits. */
export const fragile = view('fragile', {
  events: [Posted],
  initial: { sum: 0 },
  on: {
    Posted: (doc, { data }) => {
      if (data.amount === 13) throw new Error('Thirteen')
      return { sum: doc.sum + data.amount }
    },
  },
})

/** Documents that go on from others. */
export const pages = historyView('pages', account, { pageSize: 7 })

export const views = [
  amounts('amounts', 'async'),
  amounts('amounts-inline', 'inline'),
  amounts('amounts-live', 'live'),
  byTag,
  fragile,
  pages,
]

export const ledger = app({ name: 'ledger', aggregates: [account], views })

/** What is recorded on one account. */
export interface Entry {
  readonly id: string
  readonly tenant: string
  readonly closes: boolean
  readonly amount: number
  readonly tag: string
  /** Days after a day: late ones among them. */
  readonly day: number
}

export const entry: fc.Arbitrary<Entry> = fc.record({
  id: fc.constantFrom('a', 'a', 'a', 'b'),
  tenant: fc.constantFrom('', '', '', 'acme'),
  closes: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  amount: fc.integer({ min: -9, max: 13 }),
  tag: fc.constantFrom('', 'x', 'xy', 'z'),
  day: fc.integer({ min: 0, max: 5 }),
})

export const dayOf = (day: number): Date => new Date(Date.UTC(2010, 11, 1 + day))

export function eventOf({ closes, amount, tag, day }: Entry): NewEvent {
  return { ...(closes ? Closed({}) : Posted({ amount, tag })), occurredAt: dayOf(day) }
}

/** Whether an entry belongs to the past as of a moment. */
export function isBy(at: Moment, position: number, { day }: Entry): boolean {
  return typeof at === 'number' ? position <= at : dayOf(day) <= at
}
