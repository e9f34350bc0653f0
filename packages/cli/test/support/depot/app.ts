import {
  aggregate,
  app,
  command,
  event,
  external,
  query,
  reject,
  rule,
  subscription,
  view,
} from '@headwater/core'
import { z } from 'zod'

export const Ordered = event('Ordered', z.object({ item: z.string(), pieces: z.int(), to: z.string() }), {
  tags: ({ item }) => [`item:${item}`],
})
const Cancelled = event('Cancelled', z.object({ item: z.string(), pieces: z.int() }))
const Order = command(
  'Order',
  z.object({ orderId: z.string(), item: z.string(), pieces: z.int(), to: z.string() }),
)
const Cancel = command('Cancel', z.object({ orderId: z.string() }))

const supplier = external('supplier', {
  description: 'Says how many pieces come in a box',
  request: z.object({ item: z.string() }),
  answer: z.object({ perBox: z.int() }),
  call: () => ({ perBox: 1 }),
})

const smallest = rule('smallest-order', [{ value: 1 }, { from: '2020-01-01', value: 2 }])

const nothing = { item: '', pieces: 0 }
const order = aggregate('order', {
  events: [Ordered, Cancelled],
  commands: [Order, Cancel],
  snapshots: { every: 1 },
  initial: nothing,
  evolve: {
    Ordered: (_state, { data: { item, pieces } }) => ({ item, pieces }),
    Cancelled: () => nothing,
  },
  reverse: { Ordered: (before) => Cancelled({ item: before.item, pieces: before.pieces }) },
  decide: {
    Order: (_state, { item, pieces, to }, { answer, rule: inForce }) =>
      pieces < inForce(smallest)
        ? reject('too-few')
        : Ordered({ item, pieces: pieces * answer(supplier({ item })).perBox, to }),
    Cancel: (state) => (state.pieces === 0 ? reject('not-ordered') : Cancelled(state)),
  },
})

const demand = view('demand', {
  events: [Ordered, Cancelled],
  key: ({ data }) => data.item,
  initial: { pieces: 0 },
  on: {
    Ordered: ({ pieces }, { data }) => ({ pieces: pieces + data.pieces }),
    Cancelled: ({ pieces }, { data }) => ({ pieces: pieces - data.pieces }),
  },
  search: ['$key'],
})

/** Notes to those who ordered. What goes to nobody is parked. */
export const notes = subscription('notes', {
  events: [Ordered],
  when: 'async',
  start: 'beginning',
  partitions: 2,
  retry: { attempts: 1 },
  handle: ({ data: { to } }) => {
    if (to === 'nobody') throw new Error('Nobody is there')
    return { sent: to }
  },
})

const FindDemand = query('FindDemand', {
  input: z.object({ item: z.string() }),
  handle: async ({ item }, { view: viewOf }) => (await viewOf(demand).get(item))?.doc,
})

/** A depot: something of each kind that commands of the command line look at. */
export default app({
  name: 'depot',
  aggregates: [order],
  views: [demand],
  subscriptions: [notes],
  queries: [FindDemand],
  externals: [supplier],
  rules: [smallest],
})
