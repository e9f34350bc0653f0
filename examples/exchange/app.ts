import { app } from 'headwater'
import { book } from './book.ts'
import { booking, dollarRate } from './externals.ts'
import { purse } from './purse.ts'
import { Worth } from './worth.ts'

export default app({
  name: 'exchange',
  aggregates: [purse],
  subscriptions: [book],
  queries: [Worth],
  externals: [dollarRate, booking],
})
