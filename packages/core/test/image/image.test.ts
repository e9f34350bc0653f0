import {
  app,
  event,
  type Headwater,
  memoryImage,
  memoryStore,
  openStore,
  query,
  type Store,
  table,
} from '@headwater/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { spoilt } from '../../../conformance/test/faults/replaced.ts'
import { running, until } from '../support/running.ts'

const Received = event('Received', z.object({ sku: z.string(), quantity: z.int() }))
const Sold = event('Sold', z.object({ sku: z.string(), quantity: z.int() }))

interface Item {
  readonly quantity: number
}

function stockOf(snapshot: { readonly every: number } | false, version = 1) {
  return memoryImage('stock', {
    events: [Received, Sold],
    tables: { items: table<Item>(), totals: table<number>() },
    on: {
      Received: ({ items, totals }, { data }) => {
        items.set(data.sku, { quantity: (items.get(data.sku)?.quantity ?? 0) + data.quantity * version })
        totals.set('received', (totals.get('received') ?? 0) + data.quantity)
      },
      Sold: ({ items, totals }, { data }) => {
        const left = (items.get(data.sku)?.quantity ?? 0) - data.quantity
        items.set(data.sku, { quantity: left })
        totals.set('sold', (totals.get('sold') ?? 0) + data.quantity)
        if (left < 0) throw new Error(`There are no ${data.quantity} of ${data.sku}`)
        if (left === 0) items.delete(data.sku)
      },
    },
    snapshot,
    version,
  })
}

const stock = stockOf({ every: 5 })
const appOf = (image: typeof stock) => app({ name: 'shop', images: [image], events: [Received, Sold] })

function lastingStore(): Store {
  return { ...memoryStore(), close: () => Promise.resolve() }
}

const receive = (sku: string, quantity = 1) => Received({ sku, quantity })

describe('a memory image', () => {
  test('has what is recorded, and is read without waiting', async () => {
    const headwater = await running(appOf(stock))
    const { position } = await headwater.append('s-1', [receive('tea', 5), Sold({ sku: 'tea', quantity: 2 })])
    const { items, totals } = await headwater.image(stock).at(position)
    expect(items.get('tea')).toEqual({ quantity: 3 })
    expect([...totals]).toEqual([
      ['received', 5],
      ['sold', 2],
    ])
    expect(headwater.image(stock).position).toBe(position)
    expect(headwater.image(stock).state.items.has('coffee')).toBe(false)
  })

  test('follows amendments, also those that are made while it is closed', async () => {
    const store = lastingStore()
    const first = await openStore(appOf(stock), store)
    const { events } = await first.append('s-1', [receive('tea', 5), receive('tea', 7), receive('rice', 1)])
    const [five = '', seven = '', rice = ''] = events.map(({ id }) => id)
    const why = 'counted again'
    const tea = async (headwater: Headwater, position: number) => {
      const { items, totals } = await headwater.image(stock).at(position)
      return [items.get('tea')?.quantity, items.get('rice')?.quantity, totals.get('received')]
    }
    expect(await tea(first, (await first.ignore(five, { why })).position)).toEqual([7, 1, 8])
    expect(await tea(first, (await first.correct(seven, receive('rice', 2), { why })).position)).toEqual([
      undefined,
      3,
      3,
    ])
    // A snapshot is taken of what counts.
    await first.append(
      's-2',
      Array.from({ length: 6 }, () => receive('salt')),
    )
    await until(() => first.images()[0]?.savedAt !== 0)
    await first.close()
    const between = await openStore(appOf(stock), store, { images: false })
    const { position } = await between.amend(
      [{ restore: five }, { insert: receive('rice', 9), after: rice }],
      { why },
    )
    await between.close()
    const second = await openStore(appOf(stock), store)
    expect(await tea(second, position)).toEqual([5, 12, 23])
    await second.close()
  })

  test('is not read before it is there', async () => {
    const store = lastingStore()
    await (await running(appOf(stock), { store })).append('s-1', [receive('tea')])
    const headwater = await running(appOf(stock), { store })
    expect(() => headwater.image(stock).state).toThrow(expect.objectContaining({ code: 'image.loading' }))
    await headwater.image(stock).ready()
    expect(headwater.image(stock).state.items.size).toBe(1)
    expect(headwater.images()).toMatchObject([{ name: 'stock', status: 'ready', position: 1, entries: 2 }])
  })

  test('is there at once on an empty log', async () => {
    const headwater = await running(appOf(stock))
    await headwater.image(stock).ready()
    expect(headwater.image(stock).position).toBe(0)
  })

  test('has a state of its own for each tenant', async () => {
    const headwater = await running(appOf(stock))
    await headwater.append('s-1', [receive('tea', 1)], { tenant: 'north' })
    const { position } = await headwater.append('s-1', [receive('tea', 2)], { tenant: 'south' })
    await headwater.image(stock).at(position)
    const of = (tenant: string) => headwater.image(stock, { tenant }).state.items.get('tea')?.quantity
    expect([of('north'), of('south')]).toEqual([1, 2])
    expect(headwater.image(stock).state.items.size).toBe(0)
  })

  test('answers queries as of what they wait for', async () => {
    const left = query('Left', {
      input: z.object({ sku: z.string() }),
      output: z.number(),
      handle: async ({ sku }, { image }) => (await image(stock)).items.get(sku)?.quantity ?? 0,
    })
    const definition = app({ name: 'shop', images: [stock], queries: [left], events: [Received] })
    const headwater = await running(definition)
    await headwater.append('s-1', [receive('tea', 7)])
    expect(await headwater.query(left({ sku: 'tea' }), { waitFor: 'head' })).toBe(7)
  })

  test('stops before an event that it can’t fold, whole, and says so', async () => {
    const headwater = await running(appOf(stock))
    await headwater.append('s-1', [receive('tea', 1), Sold({ sku: 'tea', quantity: 2 }), receive('tea', 9)])
    await expect(headwater.image(stock).at(3)).rejects.toMatchObject({ code: 'image.failed' })
    await until(() => headwater.images()[0]?.status === 'failed')
    expect(headwater.images()).toMatchObject([
      {
        position: 1,
        error: { code: 'image.failed', message: expect.stringContaining('There are no 2 of tea') },
      },
    ])
    expect(headwater.failures).toHaveLength(1)
  })

  test('that there is not is refused', async () => {
    const headwater = await running(app({ name: 'empty' }))
    expect(() => headwater.image(stock)).toThrow(expect.objectContaining({ code: 'image.unknown' }))
  })

  test('gives frozen values: to change one is to set another', async () => {
    const headwater = await running(appOf(stock))
    const { position } = await headwater.append('s-1', [receive('tea', 1)])
    const { items } = await headwater.image(stock).at(position)
    expect(Object.isFrozen(items.get('tea'))).toBe(true)
  })
})

describe('an image’s snapshot', () => {
  /** Appends events and waits until a snapshot stands there. */
  async function saved(store: Store, image = stock, count = 5) {
    const headwater = await running(appOf(image), { store })
    await headwater.image(image).ready()
    const events = Array.from({ length: count }, (_, n) => receive(`sku-${n % 3}`, 1))
    const { position } = await headwater.append('s-1', events)
    await until(async () => (await store.images.find('stock', 0))?.position === position)
    return headwater
  }

  test('is what it begins with, and only what came after is folded', async () => {
    const store = lastingStore()
    const first = await saved(store)
    await first.append('s-1', [receive('sku-0')])
    await first.close()
    const again = await running(appOf(stock), { store })
    await again.image(stock).ready()
    expect(again.image(stock).state.items.get('sku-0')).toEqual({ quantity: 3 })
    expect(again.images()).toMatchObject([{ loadedFrom: 5, position: 6 }])
  })

  test('is ignored when the code has changed', async () => {
    const store = lastingStore()
    await (await saved(store)).close()
    const second = stockOf({ every: 5 }, 2)
    const again = await running(appOf(second), { store })
    await again.image(second).ready()
    expect(again.images()).toMatchObject([{ loadedFrom: 0 }])
    expect(again.image(second).state.items.get('sku-0')).toEqual({ quantity: 4 })
  })

  test.each([
    { epoch: 'another' },
    { eventId: 'another.1' },
    { position: 500 },
  ])('that the log does not bear out is ignored: %o', async (change) => {
    const store = lastingStore()
    await (await saved(store)).close()
    const head = await store.images.find('stock', 0)
    const lease = await store.leases.acquire('image:stock', 'test', 60_000)
    if (head === undefined || lease === undefined) throw new Error('There is no snapshot')
    await store.images.publish({ ...head, ...change }, lease)
    await store.leases.release(lease)
    const again = await running(appOf(stock), { store })
    await again.image(stock).ready()
    expect(again.images()).toMatchObject([{ loadedFrom: 0, position: 5, entries: 4 }])
  })

  test('of which parts are missing is ignored', async () => {
    const store = lastingStore()
    await (await saved(store)).close()
    await store.images.prune('stock', 0, [], 1)
    const again = await running(appOf(stock), { store })
    await again.image(stock).ready()
    expect(again.images()).toMatchObject([{ loadedFrom: 0, position: 5 }])
  })

  test('is written by one process; the others leave it', async () => {
    const store = lastingStore()
    const lease = await store.leases.acquire('image:stock', 'another', 60_000)
    const headwater = await running(appOf(stock), { store })
    await headwater.append(
      's-1',
      Array.from({ length: 6 }, () => receive('tea')),
    )
    await headwater.image(stock).at(6)
    expect(await store.images.find('stock', 0)).toBeUndefined()
    if (lease !== undefined) await store.leases.release(lease)
    await headwater.append(
      's-1',
      Array.from({ length: 6 }, () => receive('tea')),
    )
    await until(async () => (await store.images.find('stock', 0))?.position === 12)
  })

  test('that fails leaves the image at work, and the next one holds all', async () => {
    const store = lastingStore()
    let isBroken = true
    const add: Store['images']['add'] = (parts) =>
      isBroken ? Promise.reject(new Error('the disk is full')) : store.images.add(parts)
    const headwater = await running(appOf(stock), { store: spoilt(store, 'images', { add }) })
    const batch = Array.from({ length: 6 }, (_, n) => receive(`sku-${n}`))
    await headwater.append('s-1', batch)
    await until(() => headwater.failures.length === 1)
    isBroken = false
    await headwater.append('s-1', batch)
    await until(async () => (await store.images.find('stock', 0))?.position === 12)
    await headwater.close()
    const again = await running(appOf(stock), { store })
    await again.image(stock).ready()
    expect(again.images()).toMatchObject([{ loadedFrom: 12, entries: 7 }])
  })

  test('holds what has changed since the last one, until that is more than there is', async () => {
    const store = lastingStore()
    const headwater = await saved(store)
    const batch = Array.from({ length: 5 }, () => receive('sku-0'))
    const { position } = await headwater.append('s-1', batch)
    await until(async () => (await store.images.find('stock', 0))?.position === position)
    const head = await store.images.find('stock', 0)
    // All of the first, what changed while it was written, and the one item and the total of the second.
    expect(head?.generations.map(({ entries }) => entries)).toEqual([4, 0, 2])
  })
})

test('an image that begins with any snapshots is the fold from the first event', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('receive' as const),
      sku: fc.constantFrom('a', 'b', 'c'),
      count: fc.integer({ min: 1, max: 8 }),
      tenant: fc.constantFrom('', 'north'),
    }),
    fc.record({
      kind: fc.constant('sell' as const),
      sku: fc.constantFrom('a', 'b', 'c'),
      tenant: fc.constantFrom('', 'north'),
    }),
    fc.record({ kind: fc.constant('reopen' as const), every: fc.constantFrom(1, 2, 5) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const store = lastingStore()
      let image = stockOf({ every: 2 })
      let headwater = await running(appOf(image), { store })
      await headwater.image(image).ready()
      for (const one of steps) {
        if (one.kind === 'reopen') {
          await headwater.close()
          image = stockOf({ every: one.every })
          headwater = await running(appOf(image), { store })
          await headwater.image(image).ready()
          continue
        }
        const { sku, tenant } = one
        const quantity = headwater.image(image, { tenant }).state.items.get(sku)?.quantity ?? 0
        const events =
          one.kind === 'receive'
            ? Array.from({ length: one.count }, () => receive(sku))
            : quantity > 0
              ? [Sold({ sku, quantity })]
              : []
        const { position } = await headwater.append('s-1', events, { tenant })
        await headwater.image(image).at(position)
      }
      await headwater.close()
      const contents = async (definition: typeof image) => {
        const opened = await running(appOf(definition), { store })
        await opened.image(definition).ready()
        return ['', 'north'].map((tenant) => {
          const { items, totals } = opened.image(definition, { tenant }).state
          return [new Map(items), new Map(totals)]
        })
      }
      expect(await contents(image)).toEqual(await contents(stockOf(false)))
    }),
    { numRuns: 50 },
  )
})
