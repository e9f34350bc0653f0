import { aggregate, reject, subscription } from 'headwater'
import { GoodsOrdered, OrderGoods, StockFellBelowMinimum } from './messages.ts'

export const reorder = aggregate('reorder', {
  description: 'An order to the supplier.',
  events: [GoodsOrdered],
  commands: [OrderGoods],
  initial: { isOrdered: false },
  evolve: { GoodsOrdered: () => ({ isOrdered: true }) },
  decide: {
    OrderGoods: ({ isOrdered }, { itemId, quantity }) =>
      isOrdered ? reject('already-ordered') : GoodsOrdered({ itemId, quantity }),
  },
})

/** Orders what brings the stock to twice its minimum. It knows of the threshold's crossing, not of how that was noticed. */
export const reorderGoods = subscription('reorder-goods', {
  description: 'Orders more when the stock fell below its minimum.',
  events: [StockFellBelowMinimum],
  handle: async ({ data: { itemId, stock, minimum, revision } }, { execute }) => {
    const quantity = 2 * minimum - stock
    await execute(OrderGoods({ reorderId: `${itemId}-${revision}`, itemId, quantity }))
  },
})
