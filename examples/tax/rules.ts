import { rule } from 'headwater'

/** What the state takes of a sale: 1.5 % until the end of January 2018, 1.8 % from February on. */
export const salesTax = rule('sales-tax', [
  { from: '2017-01-01', value: 0.015 },
  { from: '2018-02-01', value: 0.018 },
])

/** What we take for the way, in cents, by the amount of the order. Whoever orders much has it for nothing since June 2018. */
export const shipping = rule('shipping', [
  { value: (_amount: number) => 500 },
  { from: '2018-06-01', value: (amount: number) => (amount >= 5_000 ? 0 : 500) },
])
