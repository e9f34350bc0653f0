import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { open } from 'headwater'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import app from '../app.ts'
import { salesByCountry } from '../orders/views.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shop = fileURLToPath(new URL('..', import.meta.url))
const headwater = fileURLToPath(new URL('../../../packages/headwater/bin/headwater.js', import.meta.url))

/** Everything that is odd in the real file, and lines that are wrong: 5, 12 and 14. */
const lines = [
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  '500001,85123A,"LANTERN, WHITE",6,12/1/2010 8:26,2.55,17850,United Kingdom',
  '500001,POST,POSTAGE ,1,12/1/2010 8:26,18,17850,United Kingdom',
  '500002,22633,HAND WARMER,32,12/1/2010 8:28,2.1,12583,France',
  '500002,22632,HAND WARMER,-1,12/1/2010 8:28,1.85,12583,France',
  '500003,22139,,56,12/1/2010 11:52,0,,United Kingdom',
  '500004,21777,?,-10,12/1/2010 16:50,0,,United Kingdom',
  '500005,DOT,DOTCOM POSTAGE,1,12/1/2010 14:32,569.77,,United Kingdom',
  'C500006,D,Discount,-1,12/1/2010 9:41,27.5,14527,United Kingdom',
  '500007,22752,"SET 7 ""BABUSHKA"" BOXES",2,12/1/2010 8:34,7.65,12583,France',
  '500007,22753,SMALL BOX,1,12/1/2010 8:35,0.85,12583,France',
  '500008,22752,BOXES,two,12/1/2010 8:34,7.65,12583,France',
  '500009,22752,BOXES,2,12/1/2010 8:34,7.65,12583,Norway',
  '500010,22752,BOXES,2,13/1/2010 8:34,7.65,12583,Norway',
]

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-shop-'))
  await writeFile(join(folder, 'retail.csv'), `\ufeff${lines.join('\r\n')}\r\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function importRetail(): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const map = join(shop, 'online-retail.map.ts')
  const args = [
    '--conditions=@headwater/source',
    headwater,
    'import',
    'retail.csv',
    '--app',
    shop,
    '--map',
    map,
  ]
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...args, '--db', 'shop.db', '--json'],
      { cwd: folder },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

it('real orders become commands, once; wrong lines are listed and stop nothing', async () => {
  const first = await importRetail()
  expect(first).toMatchObject({ code: 3 })
  const summary = JSON.parse(first.stdout)
  expect(summary).toMatchObject({ lines: 13, accepted: 8, repeated: 0, refused: 3 })
  expect(
    summary.refusedLines.toSorted((one: { line: number }, other: { line: number }) => one.line - other.line),
  ).toMatchObject([
    { line: 5, group: '500002', code: 'row.invalid', reason: 'Quantity: is not above zero, at a price' },
    { line: 12, group: '500008', code: 'row.invalid', reason: 'Quantity: is no whole number' },
    {
      line: 14,
      group: '500010',
      code: 'row.invalid',
      reason: expect.stringContaining('InvoiceDate: is no date'),
    },
  ])
  expect(JSON.parse((await importRetail()).stdout)).toMatchObject({ accepted: 8, repeated: 8, refused: 3 })

  const imported = await open(app, { db: join(folder, 'shop.db'), processors: false })
  try {
    expect((await imported.head()).position).toBe(8)
    expect((await imported.view(salesByCountry).list()).items.map(({ doc }) => doc)).toEqual([
      { country: 'France', orders: 2, creditNotes: 0, lines: 3, revenue: 32 * 210 + 1615 },
      { country: 'Norway', orders: 1, creditNotes: 0, lines: 1, revenue: 1530 },
      { country: 'United Kingdom', orders: 4, creditNotes: 1, lines: 6, revenue: 1530 + 1800 + 56977 - 2750 },
    ])
    const { events } = await imported.readStream('order-500007')
    expect(events[0]).toMatchObject({
      id: 'online-retail-500007.1',
      occurredAt: new Date('2010-12-01T08:34:00Z'),
      data: {
        customerId: '12583',
        lines: [{ description: 'SET 7 "BABUSHKA" BOXES', unitPrice: 765 }, { unitPrice: 85 }],
        total: 1615,
      },
    })
    const guest = await imported.readStream('order-500005')
    expect(guest.events[0]?.data).not.toHaveProperty('customerId')
  } finally {
    await imported.close()
  }
})
