import { aggregate, app, command, event, reject, subscription, view } from '@headwater/core'
import { effects } from '@headwater/core/spec'
import { z } from 'zod'

/** Orders are placed, parcels are packed for them by a reaction, and a mail is sent for each parcel. */
export const ItemOrdered = event('ItemOrdered', z.object({ item: z.string() }))
export const ParcelPacked = event('ParcelPacked', z.object({ item: z.string(), label: z.string() }))
export const OrderItem = command('OrderItem', z.object({ purchaseId: z.string(), item: z.string() }))
export const PackParcel = command('PackParcel', z.object({ parcelId: z.string(), item: z.string() }))

export const purchase = aggregate('purchase', {
  events: [ItemOrdered],
  commands: [OrderItem],
  initial: { items: 0 },
  evolve: { ItemOrdered: ({ items }) => ({ items: items + 1 }) },
  decide: {
    OrderItem: ({ items }, { item }) => (items >= 3 ? reject('basket-full') : ItemOrdered({ item })),
  },
})

export const parcel = aggregate('parcel', {
  events: [ParcelPacked],
  commands: [PackParcel],
  initial: { isPacked: false },
  evolve: { ParcelPacked: () => ({ isPacked: true }) },
  decide: {
    PackParcel: ({ isPacked }, { item }, { id, now }) =>
      isPacked ? undefined : ParcelPacked({ item, label: `${now.toISOString().slice(0, 10)} ${id()}` }),
  },
})

export const pack = subscription('pack', {
  events: [ItemOrdered],
  handle: async ({ aggregateId, revision, data: { item } }, { execute }) => {
    await execute(PackParcel({ parcelId: `${aggregateId}-${revision}`, item }))
  },
})

export const packed = view('packed', {
  events: [ParcelPacked],
  key: ({ data }) => data.item,
  initial: { count: 0 },
  on: { ParcelPacked: ({ count }) => ({ count: count + 1 }) },
})

/** @param failures how often the mail service fails before it takes a mail */
export function postOffice(failures = 0) {
  const mails = effects<string>()
  const attempts: number[] = []
  const notify = subscription('notify', {
    events: [ParcelPacked],
    handle: async ({ data: { item } }, { idempotencyKey, attempt }) => {
      attempts.push(attempt)
      if (attempt <= failures) throw new Error('the mail service is down')
      await mails.once(idempotencyKey, item)
    },
    retry: { delay: 60_000, longestDelay: 3_600_000 },
  })
  const definition = app({
    name: 'post',
    aggregates: [purchase, parcel],
    views: [packed],
    subscriptions: [pack, notify],
  })
  return { definition, mails, attempts, notify }
}
