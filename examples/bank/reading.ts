import { query, view } from 'headwater'
import { z } from 'zod'
import { account } from './account.ts'
import { AccountCreated, DepositMade, WithdrawalMade } from './messages.ts'

/** Who has what, for lists and searches. */
export const accounts = view('accounts', {
  description: 'Every account with its owner and its balance, in pence.',
  events: [AccountCreated, DepositMade, WithdrawalMade],
  initial: { owner: '', balance: 0, transactions: 0 },
  on: {
    AccountCreated: (_doc, { data }) => ({
      owner: data.owner,
      balance: data.initialBalance,
      transactions: 0,
    }),
    DepositMade: (doc, { data }) => ({
      ...doc,
      balance: doc.balance + data.amount,
      transactions: doc.transactions + 1,
    }),
    WithdrawalMade: (doc, { data }) => ({
      ...doc,
      balance: doc.balance - data.amount,
      transactions: doc.transactions + 1,
    }),
  },
  indexes: ['owner', 'balance'],
})

/** Always current: the state that commands are decided on. */
export const GetAccountBalance = query('GetAccountBalance', {
  description: 'What is in an account now, in pence; null: there is no such account.',
  input: z.object({ accountId: z.string() }),
  handle: async ({ accountId }, { state }) => {
    const { owner, balance } = (await state(account, accountId)).state
    return owner === null ? null : balance
  },
})

const Transaction = z.object({
  type: z.enum(['deposit', 'withdrawal']),
  amount: z.int(),
  source: z.string(),
  balance: z.int().describe('After it'),
  timestamp: z.iso.datetime(),
})

/** The statement: how the balance came about, the newest first, read from the account's own stream. */
export const GetTransactionHistory = query('GetTransactionHistory', {
  description: 'Deposits and withdrawals with the balance after each, the newest first.',
  input: z.object({ accountId: z.string(), limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  output: z.array(Transaction),
  handle: async ({ accountId, limit }, { stream }) => {
    const newest: z.input<typeof Transaction>[] = []
    let state = account.initial
    for await (const event of stream(`account-${accountId}`)) {
      state = account.evolve(state, event)
      const transaction = transactionOf(event)
      if (transaction === undefined) continue
      newest.push({ ...transaction, balance: state.balance, timestamp: event.occurredAt.toISOString() })
      if (newest.length > limit) newest.shift()
    }
    return newest.reverse()
  },
})

const Moved = z.object({ amount: z.int(), source: z.string() })

function transactionOf({ type, data }: { readonly type: string; readonly data: unknown }) {
  if (type === 'DepositMade') return { type: 'deposit' as const, ...Moved.parse(data) }
  if (type === 'WithdrawalMade') return { type: 'withdrawal' as const, ...Moved.parse(data) }
  return undefined
}
