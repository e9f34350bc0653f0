import { aggregate, reject } from 'headwater'
import {
  AccountCreated,
  CreateAccount,
  DepositMade,
  MakeDeposit,
  MakeWithdrawal,
  WithdrawalMade,
} from './messages.ts'

interface Account {
  /** Null: there is no such account. */
  readonly owner: string | null
  /** In pence. */
  readonly balance: number
}

const initial: Account = { owner: null, balance: 0 }

export const account = aggregate('account', {
  description: 'Money of one owner, never less than nothing.',
  events: [AccountCreated, DepositMade, WithdrawalMade],
  commands: [CreateAccount, MakeDeposit, MakeWithdrawal],
  initial,
  evolve: {
    AccountCreated: (_state, { data }) => ({ owner: data.owner, balance: data.initialBalance }),
    DepositMade: (state, { data }) => ({ ...state, balance: state.balance + data.amount }),
    WithdrawalMade: (state, { data }) => ({ ...state, balance: state.balance - data.amount }),
  },
  decide: {
    CreateAccount: ({ owner }, { owner: by, initialBalance }) =>
      owner === null ? AccountCreated({ owner: by, initialBalance }) : reject('account-exists'),
    MakeDeposit: ({ owner }, { amount, source }) =>
      owner === null ? reject('no-such-account') : DepositMade({ amount, source }),
    MakeWithdrawal: ({ owner, balance }, { amount, source }) => {
      if (owner === null) return reject('no-such-account')
      if (balance < amount) return reject('not-enough-money', { data: { balance, amount } })
      return WithdrawalMade({ amount, source })
    },
  },
})
