import { aggregate, app, command, event, openStore, reject, view } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { anyway, isDetached, newFile } from './detaching.ts'
import { openTrial, server } from './support.ts'

const Placed = event('Placed', z.object({}))
const Cancelled = event('Cancelled', z.object({}))
const Place = command('Place', z.object({ orderId: z.string() }))
const Cancel = command('Cancel', z.object({ orderId: z.string() }))
const order = aggregate('order', {
  events: [Placed, Cancelled],
  commands: [Place, Cancel],
  initial: { isPlaced: false },
  evolve: { Placed: () => ({ isPlaced: true }), Cancelled: (state) => state },
  decide: {
    Place: () => Placed({}),
    Cancel: ({ isPlaced }) => (isPlaced ? Cancelled({}) : reject('not-placed')),
  },
})
const orders = view('orders', {
  key: ({ aggregateId }) => aggregateId,
  initial: { isCancelled: false },
  on: { Placed: (document) => document, Cancelled: () => ({ isCancelled: true }) },
  events: [Placed, Cancelled],
})
const shop = app({ name: 'shop', aggregates: [order], views: [orders] })

describe.skipIf(server === undefined)('detaching segments in PostgreSQL', () => {
  it('leaves an app that has gone beyond them at work', async () => {
    const database = randomUUID()
    const first = await openStore(shop, await openTrial({ database }))
    onTestFinished(() => first.close())
    for (const orderId of ['1', '2', '3', '4']) await first.execute(Place({ orderId }))
    for (const orderId of ['1', '2', '3']) await first.execute(Cancel({ orderId }))
    expect((await first.view(orders).get('3', { waitFor: 7 }))?.doc).toEqual({ isCancelled: true })
    await Array.fromAsync(first.segments.seal({ size: 6 }))
    const file = newFile()
    await expect(first.segments.detach(1, file)).rejects.toMatchObject({ code: 'segment.needed' })
    await first.segments.detach(1, file, anyway)
    await first.close()

    const second = await openStore(shop, await openTrial({ database }))
    onTestFinished(() => second.close())
    expect((await second.view(orders).get('1'))?.doc).toEqual({ isCancelled: true })
    await second.execute(Place({ orderId: '5' }))
    await second.execute(Cancel({ orderId: '5' }))
    expect((await second.view(orders).get('5', { waitFor: 9 }))?.doc).toEqual({ isCancelled: true })
    // Of order 4 nothing was removed: the only event of a stream stays.
    await second.execute(Cancel({ orderId: '4' }))
    await expect(second.state(order, '1')).rejects.toMatchObject(isDetached)
    await expect(second.execute(Cancel({ orderId: '1' }))).rejects.toMatchObject(isDetached)
    await second.segments.attach(1, file)
    expect(await second.state(order, '1')).toMatchObject({ revision: 2 })
  })
})
