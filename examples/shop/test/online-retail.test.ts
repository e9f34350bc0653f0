import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'headwater'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import app from '../app.ts'
import { salesByCountry } from '../orders/views.ts'
import { importRetail, lines } from './retail.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-shop-'))
  await writeFile(join(folder, 'retail.csv'), `\ufeff${lines.join('\r\n')}\r\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('real orders become commands, once; wrong lines are listed and stop nothing', async () => {
  const first = await importRetail(folder, 'retail.csv')
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
  expect(JSON.parse((await importRetail(folder, 'retail.csv')).stdout)).toMatchObject({
    accepted: 8,
    repeated: 8,
    refused: 3,
  })

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
