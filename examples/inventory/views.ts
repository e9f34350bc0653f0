import { view } from 'headwater'
import { GoodsArrived, GoodsOrdered, GoodsTaken, ItemListed } from './messages.ts'

export const stock = view('stock', {
  description: 'What there is of each item, and what is on its way.',
  events: [ItemListed, GoodsArrived, GoodsTaken, GoodsOrdered],
  key: (event) => (event.type === 'GoodsOrdered' ? event.data.itemId : event.aggregateId),
  initial: { stock: 0, minimum: 0, ordered: 0 },
  on: {
    ItemListed: (doc, { data }) => ({ ...doc, minimum: data.minimum }),
    GoodsArrived: (doc, { data }) => ({
      ...doc,
      stock: data.stock,
      ordered: Math.max(0, doc.ordered - data.quantity),
    }),
    GoodsTaken: (doc, { data }) => ({ ...doc, stock: data.stock }),
    GoodsOrdered: (doc, { data }) => ({ ...doc, ordered: doc.ordered + data.quantity }),
  },
  indexes: ['stock'],
})
