import fc from 'fast-check'
import { app as defineApp } from 'headwater'
import { inMemory, inMemoryStore, like, spec, virtualClock } from 'headwater/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import inventory from './app.ts'
import { item } from './item.ts'
import {
  GoodsOrdered,
  GoodsTaken,
  ListItem,
  OrderGoods,
  ReceiveGoods,
  ReportShortage,
  StockFellBelowMinimum,
  TakeGoods,
} from './messages.ts'
import { reorder, reorderGoods } from './reorder.ts'
import { fellBelow, shortage, watchStock } from './shortage.ts'
import { stock } from './views.ts'

const itemId = 'lamp'
const take = (quantity: number) => TakeGoods({ itemId, quantity })
const receive = (quantity: number) => ReceiveGoods({ itemId, quantity })
const listed = ListItem({ itemId, minimum: 10 })

describe('an item', () => {
  test('gives no more than there is', () => {
    const twelve = spec(item).given(listed, receive(12))
    twelve.when(take(5)).then(GoodsTaken({ quantity: 5, stock: 7, minimum: 10 }))
    twelve.when(take(13)).thenRejected('not-enough', { data: { stock: 12 } })
    spec(item).when(take(1)).thenRejected('not-listed')
    twelve.when(listed).thenRejected('already-listed')
  })
})

describe('a threshold', () => {
  test('is crossed by what takes the stock from the minimum or above to below it', () => {
    expect(fellBelow({ quantity: 1, stock: 9, minimum: 10 })).toBe(true)
    expect(fellBelow({ quantity: 1, stock: 10, minimum: 10 })).toBe(false)
    expect(fellBelow({ quantity: 1, stock: 8, minimum: 10 })).toBe(false)
  })

  test('that is crossed is reported, however often the event is handed over', async () => {
    const report = ReportShortage({ itemId, stock: 9, minimum: 10, revision: 1 })
    await spec(watchStock)
      .when('item-lamp', GoodsTaken({ quantity: 3, stock: 9, minimum: 10 }))
      .numberOfTimes(3)
      .thenSends(report)
    await spec(watchStock)
      .when('item-lamp', GoodsTaken({ quantity: 3, stock: 6, minimum: 10 }))
      .thenSendsNothing()
    spec(shortage).given(report).when(report).thenNothing()
  })

  test('leads to an order that fills the stock up', async () => {
    await spec(reorderGoods)
      .when('shortage-lamp', StockFellBelowMinimum({ itemId, stock: 7, minimum: 10, revision: 4 }))
      .thenSends(OrderGoods({ reorderId: 'lamp-4', itemId, quantity: 13 }))
    const order = OrderGoods({ reorderId: 'lamp-4', itemId, quantity: 13 })
    spec(reorder).given(order).when(order).thenRejected('already-ordered')
  })

  test('is crossed once on the way down, and again after the way up', async () => {
    await spec(inventory)
      .given(listed, receive(12))
      .when(take(3), take(3), receive(20), take(17))
      .thenRecorded(
        'shortage-lamp',
        StockFellBelowMinimum({ itemId, stock: 9, minimum: 10, revision: 3 }),
        StockFellBelowMinimum({ itemId, stock: 9, minimum: 10, revision: 6 }),
        'reorder-lamp-3',
        GoodsOrdered({ itemId, quantity: 11 }),
        'reorder-lamp-6',
        like(GoodsOrdered),
      )
      .thenDocument(stock, itemId, { stock: 9, minimum: 10, ordered: 11 })
  })
})

const changes = fc.array(
  fc.integer({ min: -8, max: 8 }).filter((by) => by !== 0),
  { maxLength: 25 },
)

/** How often a stock that is changed so falls below ten. */
function crossings(steps: readonly number[]): number {
  let level = 12
  let count = 0
  for (const by of steps) {
    if (level + by < 0) continue
    if (level >= 10 && level + by < 10) count += 1
    level += by
  }
  return count
}

describe('each crossing is recorded once', () => {
  test('whatever comes and goes', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (steps) => {
        const headwater = await inMemory(inventory)
        await headwater.execute(listed)
        await headwater.execute(receive(12))
        for (const by of steps) await headwater.execute(by < 0 ? take(-by) : receive(by))
        await headwater.quiet()
        const { revision } = await headwater.readStream('shortage-lamp')
        await headwater.close()
        expect(revision).toBe(crossings(steps))
      }),
      { numRuns: 30 },
    )
  })

  test('also where the process ends at any point, and another one goes on', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(5), async (steps, turns) => {
        const clock = virtualClock()
        // Closing a store in memory would lose what it holds.
        const store = { ...inMemoryStore(clock), close: async () => undefined }
        const first = await inMemory(inventory, { clock, store })
        await first.execute(listed)
        await first.execute(receive(12))
        for (const by of steps) await first.execute(by < 0 ? take(-by) : receive(by))
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
        await first.close()
        const second = await inMemory(inventory, { clock, store })
        await second.quiet()
        const { revision } = await second.readStream('shortage-lamp')
        await second.close()
        expect(revision).toBe(crossings(steps))
      }),
      { numRuns: 20 },
    )
  })

  test('also where everything is handled again from the beginning, under another name', async () => {
    const clock = virtualClock()
    const store = { ...inMemoryStore(clock), close: async () => undefined }
    const first = await inMemory(inventory, { clock, store })
    for (const command of [listed, receive(12), take(3), receive(20), take(20)]) await first.execute(command)
    await first.quiet()
    await first.close()
    const renamed = defineApp({
      name: 'inventory',
      aggregates: [item, shortage, reorder],
      views: [stock],
      subscriptions: [{ ...watchStock, name: 'watch-stock-again' }, reorderGoods],
    })
    const second = await inMemory(renamed, { clock, store })
    onTestFinished(() => second.close())
    await second.quiet()
    expect((await second.readStream('shortage-lamp')).revision).toBe(2)
    expect(await second.streams({ prefix: 'reorder-' })).toHaveLength(2)
  })
})
