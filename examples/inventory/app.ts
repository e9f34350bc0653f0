import { app } from 'headwater'
import { item } from './item.ts'
import { reorder, reorderGoods } from './reorder.ts'
import { shortage, watchStock } from './shortage.ts'
import { stock } from './views.ts'

export default app({
  name: 'inventory',
  description: 'Stock with a minimum, and what happens when it falls below',
  aggregates: [item, shortage, reorder],
  views: [stock],
  subscriptions: [watchStock, reorderGoods],
})
