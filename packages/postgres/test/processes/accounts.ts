import { aggregate, app, command, event, view } from '@headwater/core'
import { z } from 'zod'

const Deposited = event('Deposited', z.object({ amount: z.number() }))
export const Deposit = command('Deposit', z.object({ accountId: z.string(), amount: z.number() }))

const account = aggregate('account', {
  events: [Deposited],
  commands: [Deposit],
  initial: { balance: 0 },
  evolve: { Deposited: ({ balance }, { data }) => ({ balance: balance + data.amount }) },
  decide: { Deposit: (_state, { amount }) => Deposited({ amount }) },
})

/** What is seen of every event, and so of every position: a count below a position says that one is missing. */
const all = { events: [Deposited] as const, key: () => 'all', initial: { total: 0, count: 0 } }
const add = ({ total, count }: { total: number; count: number }, { data }: { data: { amount: number } }) => ({
  total: total + data.amount,
  count: count + 1,
})

export const inlineTotal = view('inline-total', { ...all, on: { Deposited: add }, lifecycle: 'inline' })
export const asyncTotal = view('async-total', { ...all, on: { Deposited: add } })

/** One document for each account, so that callers of several accounts don't meet. */
export const inlineBalances = view('inline-balances', {
  events: [Deposited],
  key: ({ stream }) => stream,
  initial: { balance: 0 },
  on: { Deposited: ({ balance }, { data }) => ({ balance: balance + data.amount }) },
  lifecycle: 'inline',
})

export const accounts = app({
  name: 'accounts',
  aggregates: [account],
  views: [inlineTotal, asyncTotal, inlineBalances],
})
