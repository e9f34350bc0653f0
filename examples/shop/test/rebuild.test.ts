import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Headwater, open } from 'headwater'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import app from '../app.ts'
import { CreditNoteIssued, OrderCancelled, OrderPlaced } from '../orders/events.ts'
import { ordersView, salesByCountry } from '../orders/views.ts'
import traffic from '../traffic.ts'
import { headwaterIn, importRetail, lines } from './retail.ts'
import { until } from './shop.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** The real file, where it is at hand; else lines that have all of its oddities. */
const given = process.env['HEADWATER_RETAIL']

const names = app.contexts.flatMap(({ views }) => views.map(({ name }) => name))

/** The shop that only looks: what is compared must not go on by itself. */
const withoutReactions = {
  ...app,
  contexts: app.contexts.map((context) => ({ ...context, subscriptions: [] })),
}

let folder: string
/** What the import alone comes to. */
let before: { readonly head: number; readonly orders: Documents; readonly revenue: number }
/** The shop after all of its views were rebuilt while customers bought, and one that was made of a copy of its log. */
let rebuilt: Headwater
let fresh: Headwater

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-rebuild-'))
  const file = given === undefined ? lines.join('\n') : await readFile(given, 'utf8')
  await writeFile(join(folder, 'retail.csv'), file)
  await importRetail(folder, 'retail.csv')
  await rebuildInTraffic()
  await headwaterIn(folder, ['migrate', 'shop.db', 'copy.db', '--app', join(import.meta.dirname, '..')])
  rebuilt = await open(withoutReactions, { db: join(folder, 'shop.db') })
  fresh = await open(withoutReactions, { db: join(folder, 'copy.db') })
})

afterAll(async () => {
  await rebuilt.close()
  await fresh.close()
  await rm(folder, { recursive: true, force: true })
})

/** Every view of the shop is rebuilt, two of them at a time, from before the first customer comes until after the last. */
async function rebuildInTraffic(): Promise<void> {
  const shop = await open(app, { db: join(folder, 'shop.db') })
  const { position: head } = await shop.head()
  before = { head, orders: await documentsOf(shop, ordersView.name), revenue: await revenueIn(shop) }
  const enough = new AbortController()
  const customers = traffic(shop, { rate: 200, seed: 'rebuild', signal: enough.signal })
  for (let n = 0; n < names.length; n += 2) {
    const rebuilds = await Promise.all(names.slice(n, n + 2).map((name) => shop.rebuild(name)))
    await Promise.all(rebuilds.map((rebuild) => rebuild.done()))
  }
  await until(async () => ((await shop.head()).position > head + 100 ? true : undefined))
  enough.abort()
  await customers
  await shop.close()
}

type Documents = ReadonlyMap<string, unknown>

async function documentsOf(shop: Headwater, name: string): Promise<Documents> {
  const { position } = await shop.head()
  const found = await Array.fromAsync(shop.view(name).all({ waitFor: position }))
  return new Map(found.map(({ key, doc }) => [key, doc]))
}

async function revenueIn(shop: Headwater): Promise<number> {
  const { position } = await shop.head()
  const countries = await Array.fromAsync(shop.view(salesByCountry).all({ waitFor: position }))
  return countries.reduce((sum, { doc }) => sum + doc.revenue, 0)
}

describe('the views of a shop with real orders, rebuilt while customers buy', () => {
  it('are all of their second version', async () => {
    expect(names).toContain('top-products')
    const versions = (await rebuilt.views()).map(({ name, version }) => [name, version])
    expect(new Map(versions as [string, number][])).toEqual(new Map(names.map((name) => [name, 2])))
  })

  it('have the figures of the real orders as they were', async () => {
    const orders = await documentsOf(rebuilt, ordersView.name)
    expect(before.orders.size).toBeGreaterThan(3)
    for (const [key, order] of before.orders) expect([key, orders.get(key)]).toEqual([key, order])
  })

  it('have every sale of the meantime once', async () => {
    const signs = new Map<string, number>([
      [OrderPlaced.type, 1],
      [OrderCancelled.type, -1],
      [CreditNoteIssued.type, -1],
    ])
    let sold = 0
    for await (const { type, data } of rebuilt.events({ after: before.head }))
      sold += (signs.get(type) ?? 0) * ((data as { total?: number }).total ?? 0)
    expect(sold).toBeGreaterThan(0)
    expect(await revenueIn(rebuilt)).toBe(before.revenue + sold)
  })

  it('have the documents that views have which are made from scratch', async () => {
    for (const name of names)
      expect([name, await documentsOf(rebuilt, name)]).toEqual([name, await documentsOf(fresh, name)])
  })
})
