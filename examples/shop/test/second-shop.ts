import { aggregate, app, event, reject } from 'headwater'
import { z } from 'zod'
import { PlaceOrder } from '../orders/commands.ts'
import { creditNote } from '../orders/credit-note.ts'
import { totalOf } from '../orders/line.ts'
import { Placed } from './first-shop.ts'

const OrderPlaced = event('OrderPlaced', Placed.extend({ currency: z.string() }), {
  version: 2,
  upcast: { 1: (old: z.infer<typeof Placed>) => ({ ...old, currency: 'GBP' }) },
})

/** The shop in its second year: prices have a currency. */
export default app({
  name: 'shop',
  aggregates: [
    creditNote,
    aggregate('order', {
      events: [OrderPlaced],
      commands: [PlaceOrder],
      initial: { isPlaced: false },
      evolve: { OrderPlaced: () => ({ isPlaced: true }) },
      decide: {
        PlaceOrder: ({ isPlaced }, data) =>
          isPlaced
            ? reject('already-placed')
            : OrderPlaced({ ...data, total: totalOf(data.lines), currency: 'GBP' }),
      },
    }),
  ],
})
