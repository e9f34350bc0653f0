import { aggregate, app, command, event, reject, subscription, view } from 'headwater'
import * as fc from 'fast-check'
import { z } from 'zod'

/** An app whose decisions depend on each other: accounts, and transfers that a subscription carries out by their outcomes. */

export const Deposited = event('Deposited', z.object({ amount: z.int() }))
export const Withdrawn = event('Withdrawn', z.object({ amount: z.int() }))
export const Requested = event('Requested', z.object({ from: z.string(), to: z.string(), amount: z.int() }))
const Completed = event('Completed', z.object({}))
const Failed = event('Failed', z.object({ why: z.string() }))
const Noted = event('Noted', z.object({ taken: z.int() }))

export const Deposit = command('Deposit', z.object({ accountId: z.string(), amount: z.int() }))
export const Withdraw = command('Withdraw', z.object({ accountId: z.string(), amount: z.int() }))
export const Request = command(
  'Request',
  z.object({ transferId: z.string(), from: z.string(), to: z.string(), amount: z.int() }),
)
const Complete = command('Complete', z.object({ transferId: z.string() }))
const Fail = command('Fail', z.object({ transferId: z.string(), why: z.string() }))

/** More than this is not kept in an account. */
const most = 100

export const account = aggregate('account', {
  events: [Deposited, Withdrawn],
  commands: [Deposit, Withdraw],
  initial: { balance: 0, moves: [] as readonly number[] },
  evolve: {
    Deposited: ({ balance, moves }, { data }) => ({
      balance: balance + data.amount,
      moves: [...moves, data.amount],
    }),
    Withdrawn: ({ balance, moves }, { data }) => ({
      balance: balance - data.amount,
      moves: [...moves, -data.amount],
    }),
  },
  decide: {
    // A large deposit is recorded in two parts.
    Deposit: ({ balance }, { amount }) => {
      if (balance + amount > most) return reject('too-much', { data: { balance, amount } })
      return balance > 50 && amount > 1
        ? [Deposited({ amount: 1 }), Deposited({ amount: amount - 1 })]
        : Deposited({ amount })
    },
    Withdraw: ({ balance }, { amount }) =>
      balance < amount ? reject('too-poor', { data: { balance, amount } }) : Withdrawn({ amount }),
  },
  snapshots: { every: 3 },
})

export const transfer = aggregate('transfer', {
  events: [Requested, Completed, Failed],
  commands: [Request, Complete, Fail],
  initial: 'none',
  evolve: {
    Requested: () => 'requested',
    Completed: () => 'completed',
    Failed: (_state, { data }) => `failed: ${data.why}`,
  },
  decide: {
    Request: (state, { from, to, amount }) =>
      state === 'none' ? Requested({ from, to, amount }) : reject('requested-already'),
    Complete: (state) => (state === 'requested' ? Completed({}) : reject('not-under-way')),
    Fail: (state, { why }) => (state === 'requested' ? Failed({ why }) : reject('not-under-way')),
  },
})

const move = subscription('move', {
  events: [Requested],
  pure: true,
  handle: async ({ aggregateId: transferId, data: { from, to, amount } }, { execute }) => {
    const debit = await execute(Withdraw({ accountId: from, amount }))
    if (debit.status === 'rejected') {
      await execute(Fail({ transferId, why: debit.reason.code }))
      return
    }
    const credit = await execute(Deposit({ accountId: to, amount }))
    if (credit.status === 'accepted') {
      await execute(Complete({ transferId }))
      return
    }
    await execute(Deposit({ accountId: from, amount }))
    await execute(Fail({ transferId, why: credit.reason.code }))
  },
})

/** Notes in a stream of its own, as a part of what is decided, that much was taken at once. */
const notes = subscription('notes', {
  events: [Withdrawn],
  when: 'in-transaction',
  handle: ({ data, aggregateId }, { append }) => {
    if (data.amount > 30) append(`notes-${aggregateId}`, [Noted({ taken: data.amount })])
  },
})

const moves = {
  events: [Deposited, Withdrawn] as const,
  initial: { sum: 0, moves: [] as readonly number[] },
  on: {
    Deposited: (doc: Doc, { data }: { data: { amount: number } }) => moved(doc, data.amount),
    Withdrawn: (doc: Doc, { data }: { data: { amount: number } }) => moved(doc, -data.amount),
  },
}
interface Doc {
  readonly sum: number
  readonly moves: readonly number[]
}
function moved({ sum, moves }: Doc, amount: number): Doc {
  return { sum: sum + amount, moves: [...moves, amount] }
}

/** By account, and of all together in the order in which they count. */
export const views = [
  view('moves', moves),
  view('all', { ...moves, key: () => 'all' }),
  view('inline', { ...moves, key: () => 'all', lifecycle: 'inline' }),
  view('taken', {
    events: [Noted],
    initial: [] as readonly number[],
    on: { Noted: (taken, { data }) => [...taken, data.taken] },
  }),
]

export const bank = app({
  name: 'bank',
  aggregates: [account, transfer],
  events: [Noted],
  views,
  subscriptions: [move, notes],
})

export const accounts = ['a', 'b', 'c'] as const
const anAccount = fc.constantFrom(...accounts)
const anAmount = fc.integer({ min: 1, max: 60 })

export const aMove = fc.record({
  kind: fc.constantFrom<'deposit' | 'withdraw'>('deposit', 'withdraw'),
  accountId: anAccount,
  amount: anAmount,
})
const aTransfer = fc.record({
  kind: fc.constant<'transfer'>('transfer'),
  accountId: anAccount,
  to: anAccount,
  amount: anAmount,
})
export const anOrder = fc.oneof({ weight: 3, arbitrary: aMove }, { weight: 1, arbitrary: aTransfer })

export type Order =
  | { readonly kind: 'deposit'; readonly accountId: string; readonly amount: number }
  | { readonly kind: 'withdraw'; readonly accountId: string; readonly amount: number }
  | { readonly kind: 'transfer'; readonly accountId: string; readonly to: string; readonly amount: number }

/** @param number makes a transfer's id */
export function commandOf(order: Order, number: number) {
  const { accountId, amount } = order
  if (order.kind === 'deposit') return Deposit({ accountId, amount })
  if (order.kind === 'withdraw') return Withdraw({ accountId, amount })
  return Request({ transferId: `t${number}`, from: accountId, to: order.to, amount })
}
