import { reject } from 'headwater'
import { answers, get, like, spec } from 'headwater/spec'
import { describe, test } from 'vitest'
import { account } from './account.ts'
import bank from './app.ts'
import {
  AccountCreated,
  CompleteTransfer,
  CreateAccount,
  DepositMade,
  FailTransfer,
  MakeDeposit,
  MakeWithdrawal,
  RequestTransfer,
  TransferCompleted,
  TransferFailed,
  TransferRequested,
  WithdrawalMade,
} from './messages.ts'
import { accounts, GetAccountBalance, GetTransactionHistory } from './reading.ts'
import { moveMoney, transfer } from './transfer.ts'

const opened = AccountCreated({ owner: 'alice', initialBalance: 1_000 })
const requested = { from: 'a', to: 'b', amount: 300 }
const source = 'transfer t'

describe('an account', () => {
  const alices = spec(account).given(opened)

  test('is created once', () => {
    const create = CreateAccount({ accountId: 'a', owner: 'alice', initialBalance: 1_000 })
    spec(account).when(create).then(opened)
    alices.when(create).thenRejected('account-exists')
  })

  test('takes deposits, whose source may be unknown', () => {
    alices
      .when(MakeDeposit({ accountId: 'a', amount: 500 }))
      .then(DepositMade({ amount: 500, source: 'unknown' }))
      .thenState({ owner: 'alice', balance: 1_500 })
  })

  test('gives no more than it holds', () => {
    alices
      .when(MakeWithdrawal({ accountId: 'a', amount: 1_000, source: 'cash' }))
      .thenState(like({ balance: 0 }))
    alices
      .when(MakeWithdrawal({ accountId: 'a', amount: 1_001, source: 'cash' }))
      .thenRejected('not-enough-money', { data: { balance: 1_000, amount: 1_001 } })
  })

  test('has to be there, and an amount has to be one', () => {
    spec(account)
      .when(MakeDeposit({ accountId: 'a', amount: 1 }))
      .thenRejected('no-such-account')
    spec(account)
      .when(MakeWithdrawal({ accountId: 'a', amount: 1 }))
      .thenRejected('no-such-account')
    alices.when(() => MakeDeposit({ accountId: 'a', amount: -5 })).thenFails('command.invalid')
  })
})

describe('a transfer', () => {
  test('goes somewhere else, and once', () => {
    const begin = RequestTransfer({ transferId: 't', ...requested })
    spec(transfer).when(begin).then(TransferRequested(requested))
    spec(transfer).given(begin).when(begin).thenRejected('already-requested')
    spec(transfer)
      .when(RequestTransfer({ transferId: 't', from: 'a', to: 'a', amount: 1 }))
      .thenRejected('same-account')
  })

  test('ends once', () => {
    const done = spec(transfer).given(TransferRequested(requested), TransferCompleted(requested))
    done.when(FailTransfer({ transferId: 't', reason: 'late' })).thenRejected('not-under-way')
    done.when(CompleteTransfer({ transferId: 't' })).thenRejected('not-under-way')
  })

  const moving = spec(moveMoney).when('transfer-t', TransferRequested(requested))
  const debit = MakeWithdrawal({ accountId: 'a', amount: 300, source })
  const credit = MakeDeposit({ accountId: 'b', amount: 300, source })

  test('debits, then credits, and sends the same again after a crash', async () => {
    await moving.numberOfTimes(2).thenSends(debit, credit, CompleteTransfer({ transferId: 't' }))
  })

  test('credits nothing that could not be debited', async () => {
    await moving
      .answering(MakeWithdrawal, reject('not-enough-money'))
      .thenSends(debit, FailTransfer({ transferId: 't', reason: 'not-enough-money' }))
  })

  test('moves the money', async () => {
    await spec(bank)
      .given('account-a', opened, CreateAccount({ accountId: 'b', owner: 'bob' }))
      .when(RequestTransfer({ transferId: 't', ...requested }))
      .thenRecorded(
        TransferRequested(requested),
        WithdrawalMade({ amount: 300, source }),
        DepositMade({ amount: 300, source }),
        TransferCompleted(requested),
      )
      .thenDocuments(accounts, {
        a: { owner: 'alice', balance: 700, transactions: 1 },
        b: { owner: 'bob', balance: 300, transactions: 1 },
      })
  })

  test('gives back what could not be credited', async () => {
    await spec(bank)
      .given('account-a', opened)
      .when(RequestTransfer({ transferId: 't', ...requested }))
      .thenRecorded(
        'account-a',
        WithdrawalMade({ amount: 300, source }),
        DepositMade({ amount: 300, source: `return of ${source}` }),
        'transfer-t',
        TransferRequested(requested),
        TransferFailed({ ...requested, reason: 'no-such-account' }),
      )
      .thenDocument(accounts, 'a', like({ balance: 1_000 }))
  })
})

describe('a statement', () => {
  const busy = spec(bank)
    .at('2026-11-01')
    .given(CreateAccount({ accountId: 'a', owner: 'alice', initialBalance: 1_000 }))
    .given(MakeDeposit({ accountId: 'a', amount: 500, source: 'salary' }))
    .after({ days: 1 })
    .given(MakeWithdrawal({ accountId: 'a', amount: 200, source: 'cash' }))

  const cash = {
    type: 'withdrawal',
    amount: 200,
    source: 'cash',
    balance: 1_300,
    timestamp: '2026-11-02T00:00:00.000Z',
  } as const

  test('tells how the balance came about, the newest first', async () => {
    await busy
      .thenQuery(GetTransactionHistory({ accountId: 'a', limit: 1 }), [cash])
      .thenQuery(GetTransactionHistory({ accountId: 'a' }), like([cash, { type: 'deposit', balance: 1_500 }]))
      .thenQuery(GetAccountBalance({ accountId: 'a' }), 1_300)
      .thenQuery(GetAccountBalance({ accountId: 'z' }), null)
  })

  test('can be had over HTTP', async () => {
    await busy.when(get('/queries/GetTransactionHistory?accountId=a&limit=1')).thenThat(answers(200, [cash]))
  })
})
