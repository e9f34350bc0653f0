import { view } from 'headwater'
import { OrderPlaced } from './order.ts'
import { salesTax } from './rules.ts'

/** What is owed to the state, by month, worked out from the amounts: the fold asks for the rule, too. */
export const taxDue = view('tax-due', {
  events: [OrderPlaced],
  key: ({ occurredAt }) => occurredAt.toISOString().slice(0, 'YYYY-MM'.length),
  initial: (month: string) => ({ month, sales: 0, charged: 0, due: 0 }),
  on: {
    OrderPlaced: (doc, { data }, _month, { rule }) => ({
      ...doc,
      sales: doc.sales + data.amount,
      charged: doc.charged + data.tax,
      due: doc.due + Math.round(data.amount * rule(salesTax)),
    }),
  },
})
