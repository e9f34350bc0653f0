import { aggregate, app, event, reject } from 'headwater'
import { z } from 'zod'
import { PlaceOrder } from '../orders/commands.ts'
import { creditNote } from '../orders/credit-note.ts'
import { Line, totalOf } from '../orders/line.ts'

export const Placed = z.object({
  orderId: z.string(),
  customerId: z.string().optional(),
  country: z.string(),
  lines: z.array(Line).min(1),
  total: z.int(),
})
const OrderPlaced = event('OrderPlaced', Placed)

/** The shop in its first year, as far as imports need it. */
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
          isPlaced ? reject('already-placed') : OrderPlaced({ ...data, total: totalOf(data.lines) }),
      },
    }),
  ],
})
