import { type AppendRequest, migration, type Store } from '@headwater/core'
import * as fc from 'fast-check'
import { LineAdded, newShop, Note, Noted, oldStore, PlaceOrder } from './shop.ts'

/** What a random history is made of. */
export const step = fc.record({
  how: fc.constantFrom('note', 'place', 'append', 'append-once'),
  order: fc.constantFrom('1', '2', '3'),
  tenant: fc.constantFrom('', 'north'),
  count: fc.integer({ min: 1, max: 4 }),
})
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

export function storeOf(steps: readonly Step[]): Promise<Store> {
  let time = 1_000
  return oldStore(
    async (headwater) => {
      for (const [index, { how, order, tenant, count }] of steps.entries()) {
        time += index % 3
        const lines = Array.from({ length: count }, (_, n) => ({ sku: `sku-${n}`, quantity: index }))
        if (how === 'note') await headwater.execute(Note({ orderId: order, note: String(index) }), { tenant })
        // Placed twice it is rejected, and leaves a command without events.
        else if (how === 'place')
          await headwater.execute(PlaceOrder({ orderId: order, customer: 'ada', lines }), { tenant })
        else {
          const events = lines.flatMap((line) => [LineAdded(line), Noted({ note: line.sku })])
          const id = how === 'append-once' ? { id: `once-${index}` } : {}
          await headwater.append(`order-${order}`, events, { tenant, ...id })
        }
      }
    },
    { now: () => time },
  )
}

/** Rules of every kind, which one depends on the event alone. */
export const mixed = migration({
  app: newShop,
  from: [LineAdded, Noted],
  events: {
    LineAdded: (event, { drop, keep, on }) => {
      const kind = (event.data.quantity + event.data.sku.length + event.revision) % 5
      if (kind === 0) return drop('by chance')
      if (kind === 1) return Array.from({ length: 3 }, () => LineAdded(event.data))
      if (kind === 2) return on(`line-${event.data.sku}`, LineAdded(event.data))
      if (kind === 3) return [on('all-lines', LineAdded(event.data)), LineAdded(event.data)]
      return keep()
    },
    Noted: (event, { merge, transaction, keep }) => {
      const before = transaction.findLast(({ position }) => position < event.position)
      return before?.type === 'OrderPlaced' ? merge(before) : keep()
    },
  },
})

/** An append by somebody else. */
export function request(commandId: string, stream: string): AppendRequest {
  const event = { type: 'Noted', version: 1, data: '{"note":"x"}', occurredAt: 0, tags: [] }
  return {
    tenant: '',
    branch: 0,
    commandId,
    actor: null,
    correlationId: null,
    causationId: '',
    streams: [{ stream, expected: 'any', events: [event] }],
    conditions: [],
    documents: [],
    command: null,
  }
}

/** The same object with some of its methods replaced. */
export function replaced<Target extends object>(target: Target, changes: Partial<Target>): Target {
  return new Proxy(target, {
    get(own, name) {
      const value: unknown = Reflect.get(changes, name) ?? Reflect.get(own, name)
      return typeof value === 'function' ? value.bind(own) : value
    },
  })
}
