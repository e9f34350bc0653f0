import { app } from 'headwater'
import { account, totals } from '../ours/bank.ts'

/** What `headwater serve` starts: an aggregate and two views, of 10,000 keys and of 40. */
export default app({
  name: 'bank',
  aggregates: [account],
  views: [totals('by-account', 'account'), totals('by-branch', 'branch')],
})
