import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, event, type NewEvent } from '@headwater/core'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { open } from '../src/app/open.ts'
import { folderWith, linesOf } from './support/app-folder.ts'
import { headwater, startHeadwater, until } from './support/headwater.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const Ordered = event('Ordered', z.object({ customer: z.string(), sku: z.string() }))
const yesterday = app({ name: 'shop', events: [Ordered] })

const today = `
import { app, event } from 'headwater'
import { z } from 'zod'

export const OrderPlaced = event('OrderPlaced', z.object({ customer: z.string() }))
export const LineAdded = event('LineAdded', z.object({ sku: z.string() }))
export default app({ name: 'shop', events: [OrderPlaced, LineAdded] })
`

/** An order and its line are two events, but those of testers are none. @param pause milliseconds for each event */
const rules = (pause: number): string => `
import { setTimeout } from 'node:timers/promises'
import { event, migration } from 'headwater'
import { z } from 'zod'
import shop, { LineAdded, OrderPlaced } from './today.ts'

const Ordered = event('Ordered', z.object({ customer: z.string(), sku: z.string() }))

export default migration({
  app: shop,
  from: [Ordered],
  events: {
    Ordered: async ({ data: { customer, sku } }, { drop }) => {
      if (${pause} > 0) await setTimeout(${pause})
      return customer === 'tester' ? drop('a test') : [OrderPlaced({ customer }), LineAdded({ sku })]
    },
  },
})
`

const folderOfShop = (pause = 0) => folderWith({ 'today.ts': today, 'migration.ts': rules(pause) })

/** Records as many orders, each tenth of a tester. */
async function record(folder: string, orders: number): Promise<void> {
  const shop = await open(yesterday, { db: join(folder, 'old.db') })
  for (let first = 0; first < orders; first += 50) {
    const parts = Array.from({ length: Math.min(50, orders - first) }, (_, n) => ({
      stream: `order-${first + n}`,
      events: [
        Ordered({ customer: (first + n) % 10 === 9 ? 'tester' : 'ada', sku: `sku-${n}` }),
      ] as NewEvent[],
    }))
    await shop.appendAll(parts)
  }
  await shop.close()
}

const logs = ['old.db', 'new.db', '--with', 'migration.ts']

describe('headwater migrate', () => {
  it('copies a log by the rules of a migration, tells what it did, and verifies it', async () => {
    const folder = await folderOfShop()
    await record(folder, 20)
    const copied = await headwater(['migrate', ...logs], folder)
    expect(copied).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/20 events of old\.db → 36 events in new\.db[^\n]*\n {2}2 dropped/),
      stderr: expect.stringContaining('headwater migrate verify old.db new.db --with migration.ts'),
    })
    const { stdout } = await headwater(
      ['read', 'order-1', '--json', '--app', 'today.ts', '--db', 'new.db'],
      folder,
    )
    expect(linesOf(stdout)).toMatchObject([
      { type: 'OrderPlaced', revision: 1, position: 3, data: { customer: 'ada' } },
      { type: 'LineAdded', revision: 2, position: 4, data: { sku: 'sku-1' } },
    ])
    expect(linesOf(readFileSync(join(folder, 'new.db.map.jsonl'), 'utf8')).slice(1, 11)).toMatchObject([
      { old: 1, new: [1, 2] },
      ...Array.from({ length: 8 }, (_, n) => ({ old: n + 2, new: [2 * n + 3, 2 * n + 4] })),
      { old: 10, new: [], dropped: 'a test' },
    ])
    const verified = await headwater(['migrate', 'verify', ...logs, '--json'], folder)
    expect(verified).toMatchObject({ code: 0 })
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, events: 20, newEvents: 36, faultCount: 0 })
  })

  it('goes on after it was killed, as often as it takes, and what comes of it is whole', async () => {
    const folder = await folderOfShop(1)
    await record(folder, 2_000)
    const map = join(folder, 'new.db.map.jsonl')
    const checkpoints = () =>
      existsSync(map) ? readFileSync(map, 'utf8').split('{"checkpoint"').length - 1 : 0
    for (let kills = 0; kills < 3; kills += 1) {
      const before = checkpoints()
      const running = startHeadwater(['migrate', ...logs], folder)
      await until(running, () => (checkpoints() > before ? true : undefined))
      running.child.kill('SIGKILL')
      if (running.child.exitCode === null && running.child.signalCode === null)
        await once(running.child, 'exit')
    }
    expect(checkpoints()).toBeLessThan(2_000 / 256)
    const last = await headwater(['migrate', ...logs, '--json'], folder)
    expect(last).toMatchObject({ code: 0 })
    expect(JSON.parse(last.stdout)).toMatchObject({ position: 2_000, head: 2_000, newPosition: 3_600 })
    const verified = await headwater(['migrate', 'verify', ...logs, '--json'], folder)
    expect(JSON.parse(verified.stdout)).toMatchObject({
      ok: true,
      events: 2_000,
      newEvents: 3_600,
      faultCount: 0,
    })
  })

  it('stops at an event that its rules can’t bring along, and goes on when they can', async () => {
    const folder = await folderOfShop()
    await record(folder, 5)
    const broken = rules(0).replace(
      'return customer',
      "if (sku === 'sku-3') throw new Error('no such thing')\n return customer",
    )
    await writeFile(join(folder, 'broken.ts'), broken)
    const stopped = await headwater(['migrate', 'old.db', 'new.db', '--with', 'broken.ts'], folder)
    expect(stopped).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /migration\.failed.+Ordered v1 at position 4 \(order-3 at 1\).+no such thing/s,
      ),
    })
    expect(await headwater(['migrate', ...logs], folder)).toMatchObject({ code: 0 })
    expect(await headwater(['migrate', 'verify', ...logs], folder)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('all as the rules make it'),
    })
  })

  it('finds that a copy is not what the rules make', async () => {
    const folder = await folderOfShop()
    await record(folder, 5)
    await headwater(['migrate', ...logs], folder)
    await writeFile(join(folder, 'other.ts'), rules(0).replace("'tester'", "'ada'"))
    const verified = await headwater(['migrate', 'verify', 'old.db', 'new.db', '--with', 'other.ts'], folder)
    expect(verified).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/old #1: its entry in the map has another/),
    })
  })

  it.each<[string, readonly string[], number, RegExp]>([
    ['a log that is not there', ['gone.db', 'new.db', '--with', 'migration.ts'], 5, /no database gone\.db/],
    ['a log into itself', ['old.db', 'old.db', '--with', 'migration.ts'], 2, /into itself/],
    ['rules that are not there', ['old.db', 'new.db', '--with', 'gone.ts'], 5, /gone\.ts does not exist/],
    ['rules that are none', ['old.db', 'new.db', '--with', 'today.ts'], 2, /is no migration/],
    ['a check of one log', ['verify', 'old.db'], 2, /both databases/],
    ['three logs', ['old.db', 'new.db', 'more.db'], 2, /one argument too many/],
    ['a check without a map', ['verify', 'old.db', 'old.db', '--with', 'migration.ts'], 2, /into itself/],
  ])('refuses %s', async (_what, args, code, message) => {
    const folder = await folderOfShop()
    await record(folder, 1)
    const ended = await headwater(['migrate', ...args], folder)
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) })
    expect(existsSync(join(folder, 'new.db'))).toBe(false)
  })

  it('without rules copies every event in the current version of its schema', async () => {
    const folder = await folderOfShop()
    await record(folder, 3)
    const next = `
import { app, event } from 'headwater'
import { z } from 'zod'
const Ordered = event('Ordered', z.object({ customerId: z.string(), sku: z.string() }), {
  version: 2,
  upcast: { 1: ({ customer, sku }: { customer: string; sku: string }) => ({ customerId: customer, sku }) },
})
export default app({ name: 'shop', events: [Ordered] })
`
    await writeFile(join(folder, 'next.ts'), next)
    expect(await headwater(['migrate', 'old.db', 'new.db', '--app', 'next.ts'], folder)).toMatchObject({
      code: 0,
    })
    const { stdout } = await headwater(
      ['read', '--json', '--as-recorded', '--db', 'new.db', '--limit', '1'],
      folder,
    )
    expect(linesOf(stdout)).toMatchObject([{ version: 2, data: { customerId: 'ada', sku: 'sku-0' } }])
  })
})
