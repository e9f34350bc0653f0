import { app } from 'headwater'
import { order } from './order.ts'
import { salesTax, shipping } from './rules.ts'
import { taxDue } from './tax-due.ts'

export default app({ name: 'tax', aggregates: [order], views: [taxDue], rules: [salesTax, shipping] })
