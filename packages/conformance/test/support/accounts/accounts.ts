import { aggregate, app, command, event, view } from '@headwater/core'
import { z } from 'zod'

const Deposited = event('Deposited', z.object({ amount: z.number() }))
export const Deposit = command('Deposit', z.object({ accountId: z.string(), amount: z.number() }))

export const account = aggregate('account', {
  events: [Deposited],
  commands: [Deposit],
  initial: { balance: 0 },
  evolve: { Deposited: ({ balance }, { data }) => ({ balance: balance + data.amount }) },
  decide: { Deposit: (_state, { amount }) => Deposited({ amount }) },
  snapshots: { every: 5 },
})

const sum = { events: [Deposited] as const, key: () => 'all', initial: { total: 0, count: 0 } }
const add = ({ total, count }: { total: number; count: number }, { data }: { data: { amount: number } }) => ({
  total: total + data.amount,
  count: count + 1,
})

export const inlineTotal = view('inline-total', { ...sum, on: { Deposited: add }, lifecycle: 'inline' })
export const asyncTotal = view('async-total', { ...sum, on: { Deposited: add } })

export const accounts = app({ name: 'accounts', aggregates: [account], views: [inlineTotal, asyncTotal] })
