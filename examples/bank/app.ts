import { app } from 'headwater'
import { account } from './account.ts'
import { accounts, GetAccountBalance, GetTransactionHistory } from './reading.ts'
import { moveMoney, transfer } from './transfer.ts'

export default app({
  name: 'bank',
  description: 'Accounts, and transfers between them',
  aggregates: [account, transfer],
  views: [accounts],
  subscriptions: [moveMoney],
  queries: [GetAccountBalance, GetTransactionHistory],
})
