import { subscription } from 'headwater'
import { booking } from './externals.ts'
import { Exchanged } from './purse.ts'

/** What was decided is done at the bank: once, however often this is tried. */
export const book = subscription('book', {
  events: [Exchanged],
  handle: ({ data: { of, amount } }, { call }) => call(booking({ of, amount })),
})
