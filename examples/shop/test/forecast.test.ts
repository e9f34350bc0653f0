import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Headwater, open } from 'headwater'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import app from '../app.ts'
import { salesByCountry } from '../orders/views.ts'
import { importRetail, lines } from './retail.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** The real file, where it is at hand; else lines that have all of its oddities. */
const given = process.env['HEADWATER_RETAIL']

let folder: string
let shop: Headwater

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-forecast-'))
  const file = given === undefined ? lines.join('\n') : await readFile(given, 'utf8')
  await writeFile(join(folder, 'retail.csv'), file)
  await importRetail(folder, 'retail.csv')
  shop = await open(app, { db: join(folder, 'shop.db'), roles: [] })
})

afterAll(async () => {
  await shop.close()
  await rm(folder, { recursive: true, force: true })
})

const asked = { field: 'revenue', measure: 'change', to: new Date('2010-12-06') } as const

it('five days are too few to foresee the next ones', async () => {
  const days = shop.forecast(salesByCountry, { ...asked, every: 'day', horizon: 7 })
  await expect(days).rejects.toMatchObject({ code: 'forecast.too-short', details: { periods: 5, needed: 8 } })
})

it('hours can be foreseen, as far as they can be trusted', async () => {
  const forecast = await shop.forecast(salesByCountry, { ...asked, every: 'hour', horizon: 12 })
  const sold = forecast.past.reduce((sum, { value }) => sum + value, 0)
  let revenue = 0
  for await (const { doc } of shop.view(salesByCountry).all({ at: asked.to })) revenue += doc.revenue
  expect(sold).toBe(revenue)
  expect(forecast.future).toHaveLength(12)
  if (given === undefined) return
  const naive = forecast.tried.find(({ method }) => method === 'naive')
  expect(forecast.trial.meanError).toBeLessThan(naive?.meanError ?? 0)
  expect(forecast.trial.coverage).toBeGreaterThan(0.85)
})
