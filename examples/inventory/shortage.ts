import { aggregate, subscription } from 'headwater'
import { GoodsTaken, ReportShortage, StockFellBelowMinimum } from './messages.ts'

/**
 * Where it is recorded. A stream of its own remembers up to which revision of the item it has reported, so that a
 * shortage is reported once, whoever asks for it how often.
 */
export const shortage = aggregate('shortage', {
  description: 'The times at which the stock of an item fell below its minimum.',
  id: 'itemId',
  events: [StockFellBelowMinimum],
  commands: [ReportShortage],
  initial: { reported: 0 },
  evolve: { StockFellBelowMinimum: (_state, { data }) => ({ reported: data.revision }) },
  decide: {
    ReportShortage: ({ reported }, data) =>
      data.revision > reported ? StockFellBelowMinimum(data) : undefined,
  },
})

interface Taken {
  readonly quantity: number
  readonly stock: number
  readonly minimum: number
}

/** What detects it: the value was on one side of the limit, and is on the other. The event alone says so. */
export function fellBelow({ quantity, stock, minimum }: Taken): boolean {
  return stock < minimum && stock + quantity >= minimum
}

/** In order per item, at least once; the aggregate makes it exactly once. */
export const watchStock = subscription('watch-stock', {
  description: 'Records that a threshold was crossed.',
  events: [GoodsTaken],
  handle: async ({ aggregateId: itemId, revision, data }, { execute }) => {
    if (!fellBelow(data)) return
    await execute(ReportShortage({ itemId, stock: data.stock, minimum: data.minimum, revision }))
  },
})
