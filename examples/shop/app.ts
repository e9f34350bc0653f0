import { app } from 'headwater'
import { customers } from './customers/context.ts'
import { orders } from './orders/context.ts'
import { payments } from './payments/context.ts'

export default app({
  name: 'shop',
  description: 'A shop whose contexts meet only through events',
  contexts: [orders, customers, payments],
})
