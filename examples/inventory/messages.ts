import { command, event } from 'headwater'
import { z } from 'zod'

const itemId = z.string().min(1).max(100)
const quantity = z.int().min(1).max(1_000_000)
/** How much there is after it, and how much there should be at least. */
const level = { stock: z.int().min(0), minimum: z.int().min(0) }

export const ItemListed = event('ItemListed', z.object({ minimum: z.int().min(0) }))
export const GoodsArrived = event('GoodsArrived', z.object({ quantity, ...level }), {
  description: 'Goods came in. It carries the stock after it, so that others need not count.',
})
export const GoodsTaken = event('GoodsTaken', z.object({ quantity, ...level }), {
  description: 'Goods went out. It carries the stock after it, so that others need not count.',
})

export const ListItem = command('ListItem', z.object({ itemId, minimum: z.int().min(0).max(1_000_000) }))
export const ReceiveGoods = command('ReceiveGoods', z.object({ itemId, quantity }))
export const TakeGoods = command('TakeGoods', z.object({ itemId, quantity }))

export const StockFellBelowMinimum = event(
  'StockFellBelowMinimum',
  z.object({ itemId, ...level, revision: z.int().min(1).describe('Of the item, by which it fell') }),
  {
    kind: 'threshold-crossed',
    visibility: 'public',
    description: 'The stock of an item was at its minimum or above, and is below it now.',
  },
)
export const ReportShortage = command(
  'ReportShortage',
  z.object({ itemId, ...level, revision: z.int().min(1) }),
)

export const GoodsOrdered = event('GoodsOrdered', z.object({ itemId, quantity }), {
  kind: 'action-performed',
  description: 'More was ordered from the supplier.',
})
export const OrderGoods = command('OrderGoods', z.object({ reorderId: z.string(), itemId, quantity }))
