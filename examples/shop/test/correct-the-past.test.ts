import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { importRetail, shop } from './retail.ts'
import { serve, type Serving } from './serving.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** The real file, where it is at hand; else the lines of it that the guide shows. */
const given = process.env['HEADWATER_RETAIL']

const correction = { sku: '22961', day: '2010-12-02', unitPrice: 154 }

let folder: string
let guide: string
let file: string
let server: Serving

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-correct-'))
  guide = await readFile(join(import.meta.dirname, '../../../docs/guides/correcting.md'), 'utf8')
  file =
    given === undefined
      ? (/```csv file=december\.csv\n([^]*?)```/.exec(guide)?.[1] ?? '')
      : await readFile(given, 'utf8')
  await writeFile(join(folder, 'december.csv'), file)
  const imported = await importRetail(folder, 'december.csv')
  if (imported.code !== 0) throw new Error(imported.stderr)
  server = await serve(folder, [shop, '--db', 'shop.db', '--roles', 'gateway,views'])
})

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const sent =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  const response = await fetch(`${server.url}${path}`, sent)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}

interface Order {
  readonly id: string
  readonly occurredAt: string
  readonly data: {
    readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[]
  }
}

/** What should have been recorded, of all orders over HTTP. */
async function edits(): Promise<object[]> {
  const found: object[] = []
  for (let after = 0; ; ) {
    const page = await ask<{ events: readonly Order[]; scannedTo: number; head: number }>(
      `/events?types=OrderPlaced&limit=500&after=${after}`,
    )
    for (const { id, occurredAt, data } of page.events) {
      if (!occurredAt.startsWith(correction.day) || !data.lines.some(({ sku }) => sku === correction.sku))
        continue
      const lines = data.lines.map((line) =>
        line.sku === correction.sku ? { ...line, unitPrice: correction.unitPrice } : line,
      )
      const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)
      found.push({ replace: { event: id, data: { ...data, lines, total } } })
    }
    after = page.scannedTo
    if (after >= page.head) return found
  }
}

type Figures = ReadonlyMap<string, number>

/** What was sold where, in pence, as the file says it: added up line by line, without the shop. */
function addedUp(correct: boolean): Figures {
  const [header = '', ...lines] = file.replace('\ufeff', '').split(/\r?\n/)
  const columns = header.split(',')
  const sums = new Map<string, number>()
  for (const line of lines.filter((one) => one !== '')) {
    const fields = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    const field = (name: string): string => fields[columns.indexOf(name)] ?? ''
    const isWrong =
      field('StockCode') === correction.sku &&
      field('InvoiceDate').startsWith('12/2/2010 ') &&
      !field('InvoiceNo').startsWith('C')
    const price = correct && isWrong ? correction.unitPrice : Math.round(Number(field('UnitPrice')) * 100)
    const country = field('Country')
    sums.set(country, (sums.get(country) ?? 0) + Number(field('Quantity')) * price)
  }
  return sums
}

/** What the shop says was sold where. */
async function soldBy(query: string): Promise<Figures> {
  const { items } = await ask<{ items: { key: string; doc: { revenue: number } }[] }>(
    `/views/sales-by-country?limit=1000&${query}`,
  )
  return new Map(items.map(({ key, doc }) => [key, doc.revenue]))
}

it('a price is corrected on a branch, compared, merged; what was believed before stays known', async () => {
  const wrong = addedUp(false)
  const right = addedUp(true)
  const { head: before } = await ask<{ head: number }>('/events?limit=1')
  expect(await soldBy(`waitFor=${before}`)).toEqual(wrong)

  await ask('/branches', { name: 'right-price' })
  await ask('/branches/right-price/amendments', { why: 'a typing error', edits: await edits() })
  const moved = [...right].filter(([country, revenue]) => wrong.get(country) !== revenue)
  expect(moved.length).toBeGreaterThan(1)
  const { documents } = await ask<{ documents: { view: string; key: string; changes: object[] }[] }>(
    '/branches/right-price/diff?views=sales-by-country',
  )
  expect(documents.map(({ view, key, changes }) => ({ view, key, changes }))).toEqual(
    moved
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, after]) => ({
        view: 'sales-by-country',
        key,
        changes: [{ path: 'revenue', before: wrong.get(key), after }],
      })),
  )
  expect(await soldBy('branch=right-price')).toEqual(right)
  expect(await soldBy(`waitFor=${before}`)).toEqual(wrong)

  const why = 'they cost 1.54'
  const { position } = await ask<{ position: number }>('/branches/right-price/merge', { why })
  expect(await soldBy(`waitFor=${position}`)).toEqual(right)
  expect(await soldBy(`known=${before}`)).toEqual(wrong)
  const again = await ask<{ steps: string[] }>('/branches/right-price/merge', { why })
  expect(again.steps).toEqual([])

  // The guide tells what the whole file comes to.
  const pence = (pounds: string) => Number(pounds.replaceAll(/[£,.]/g, ''))
  const stated = [...guide.matchAll(/^\| ([A-Z][\w ]+) \| (£[\d,.]+) \| (£[\d,.]+) \|$/gm)]
  expect(stated).toHaveLength(3)
  if (given === undefined) return
  for (const [, country = '', believed = '', known = ''] of stated)
    expect([country, wrong.get(country), right.get(country)]).toEqual([
      country,
      pence(believed),
      pence(known),
    ])
})
