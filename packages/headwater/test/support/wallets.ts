import { aggregate, app, command, event, query, reject, subscription, view } from 'headwater'
import * as fc from 'fast-check'
import { z } from 'zod'

/** An app that branches are tried on: decisions that depend on states, and views of every lifecycle. */

const Deposited = event('Deposited', z.object({ amount: z.int(), label: z.string() }))
const Withdrawn = event('Withdrawn', z.object({ amount: z.int() }))
const Closed = event('Closed', z.object({}))
const Noted = event('Noted', z.object({ what: z.string() }))

export const Deposit = command(
  'Deposit',
  z.object({ walletId: z.string(), amount: z.int(), label: z.string().default('cash') }),
)
export const Withdraw = command('Withdraw', z.object({ walletId: z.string(), amount: z.int() }))
export const Close = command('Close', z.object({ walletId: z.string() }))

export const wallet = aggregate('wallet', {
  events: [Deposited, Withdrawn, Closed],
  commands: [Deposit, Withdraw, Close],
  initial: { balance: 0, isClosed: false },
  evolve: {
    Deposited: (state, { data }) => ({ ...state, balance: state.balance + data.amount }),
    Withdrawn: (state, { data }) => ({ ...state, balance: state.balance - data.amount }),
    Closed: (state) => ({ ...state, isClosed: true }),
  },
  decide: {
    Deposit: (state, { amount, label }) => (state.isClosed ? reject('closed') : Deposited({ amount, label })),
    Withdraw: (state, { amount }) =>
      state.balance < amount
        ? reject('too-poor', { message: `${state.balance} < ${amount}` })
        : Withdrawn({ amount }),
    Close: (state) => (state.isClosed ? undefined : Closed({})),
  },
  snapshots: { every: 3 },
})

const events = [Deposited, Withdrawn, Closed] as const

interface WalletDocument {
  readonly balance: number
  readonly labels: readonly string[]
}

const perWallet = {
  events,
  initial: { balance: 0, labels: [] } as WalletDocument,
  on: {
    Deposited: (doc: WalletDocument, { data }: { data: { amount: number; label: string } }) => ({
      balance: doc.balance + data.amount,
      labels: [...doc.labels, data.label],
    }),
    Withdrawn: (doc: WalletDocument, { data }: { data: { amount: number } }) => ({
      ...doc,
      balance: doc.balance - data.amount,
    }),
    Closed: () => null,
  },
  indexes: ['balance'],
}

export const balances = view('balances', { ...perWallet, search: ['labels'] })
const inlineBalances = view('inline-balances', { ...perWallet, lifecycle: 'inline' })
const liveBalances = view('live-balances', { ...perWallet, lifecycle: 'live' })
const totals = view('totals', {
  events,
  key: ({ type }) => ['all', type],
  initial: { count: 0 },
  on: {
    Deposited: ({ count }) => ({ count: count + 1 }),
    Withdrawn: ({ count }) => ({ count: count + 1 }),
    Closed: ({ count }) => ({ count: count + 1 }),
  },
})
export const views = [balances, inlineBalances, liveBalances, totals]

const Richest = query('richest', {
  input: z.object({}),
  handle: async (_input, { view: of }) => {
    const page = await of(balances).list({ sort: '-balance', limit: 1 })
    return page.items.map(({ key, doc }) => ({ key, balance: doc.balance }))
  },
})
export { Richest }

/** What was done outside, by what is never to be done on a branch. */
export const effects: string[] = []

export const wallets = app({
  name: 'wallets',
  aggregates: [wallet],
  events: [Noted],
  views,
  queries: [Richest],
  subscriptions: [
    subscription('notes', {
      events: [Deposited],
      when: 'in-transaction',
      handle: ({ data, aggregateId }, { append }) => {
        if (data.amount > 90) append(`notes-${aggregateId}`, [Noted({ what: 'large' })])
      },
    }),
    subscription('after-commit', {
      events: [...events],
      when: 'after-commit',
      handle: (fact) => void effects.push(fact.id),
    }),
    subscription('later', { events: [...events], handle: (fact) => void effects.push(fact.id) }),
  ],
})

export const aWish = fc.record({
  walletId: fc.constantFrom('a', 'b', 'c', 'd'),
  kind: fc.constantFrom('deposit', 'deposit', 'withdraw', 'close'),
  amount: fc.integer({ min: 1, max: 99 }),
  label: fc.constantFrom('cash', 'cheque', 'gift card'),
})

export type Wish = typeof aWish extends fc.Arbitrary<infer Value> ? Value : never

export function commandOf({ walletId, kind, amount, label }: Wish) {
  if (kind === 'deposit') return Deposit({ walletId, amount, label })
  return kind === 'withdraw' ? Withdraw({ walletId, amount }) : Close({ walletId })
}
