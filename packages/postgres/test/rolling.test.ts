import { randomUUID } from 'node:crypto'
import { openStore } from '@headwater/core'
import { postgresStore } from '@headwater/postgres'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { shopOf } from './processes/shop.ts'
import { start, type Worker } from './processes/start.ts'
import { schemaOf, server } from './support.ts'

vi.setConfig({ testTimeout: 240_000 })
const patience = { timeout: 100_000, interval: 50 }

async function stop(workers: readonly Worker[]): Promise<void> {
  for (const { child } of workers) child.kill('SIGTERM')
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual(workers.map(() => 0))
}

function idsOf(workers: readonly Worker[]): readonly string[] {
  return workers.flatMap(({ lines }) =>
    lines.flatMap((line) => (line.startsWith('accepted ') ? [line.slice('accepted '.length)] : [])),
  )
}

describe.skipIf(server === undefined)('a rolling deployment on PostgreSQL', () => {
  it('of a version with another schema and another view loses nothing under load, and counts nothing twice', async () => {
    const [url, schema] = [server ?? '', schemaOf(randomUUID())]
    const run = (owner: string, version: 1 | 2): Worker =>
      start({ url, schema, version, owner, leaseDuration: 2_000 })
    const old = [run('old-1', 1), run('old-2', 1)]
    await expect.poll(() => old.every((worker) => worker.count('accepted') > 30), patience).toBe(true)

    // Side by side: the new ones record what the old ones do not know, and build their view anew.
    const young = [run('new-1', 2), run('new-2', 2)]
    await expect.poll(() => young.every((worker) => worker.count('accepted') > 30), patience).toBe(true)
    await expect.poll(() => young.some((worker) => worker.count('handled') > 0), patience).toBe(true)
    await stop(old)
    const before = young.map((worker) => worker.count('accepted'))
    await expect
      .poll(
        () => young.every((worker, index) => worker.count('accepted') > (before[index] ?? 0) + 10),
        patience,
      )
      .toBe(true)
    await stop(young)

    const all = [...old, ...young]
    const handled = new Set<number>()
    const headwater = await openStore(
      shopOf(2, (one) => void handled.add(one)),
      await postgresStore({ url, schema }),
      {
        onWarning: () => undefined,
      },
    )
    onTestFinished(() => headwater.close())
    // The view of the new version is switched to when it has caught up.
    const current = async () =>
      (await headwater.versions('sales').list()).find(({ state }) => state === 'current')
    await expect.poll(current, patience).toMatchObject({ isOwnCode: true })
    const { position } = await headwater.head()
    for (const { name } of headwater.processors)
      await headwater.processor(name).waitFor(position, { timeLimit: 60_000 })

    // Each order that was acknowledged is there once, and nothing that nobody asked for.
    const recorded: string[] = []
    const totals = new Map<string, number>()
    for await (const { causationId, data } of headwater.events()) {
      recorded.push(causationId ?? '')
      const currency = String(Reflect.get(data as object, 'currency'))
      totals.set(currency, (totals.get(currency) ?? 0) + 1)
      if (recorded.length === position) break
    }
    expect(new Set(recorded).size).toBe(recorded.length)
    expect(recorded).toEqual(expect.arrayContaining([...idsOf(all)]))
    for (const [currency, orders] of totals)
      expect(await headwater.view('sales').get(currency)).toMatchObject({ doc: { orders, total: orders } })
    expect([...totals.keys()].sort()).toEqual(['EUR', 'USD'])

    // Every order has its mail, none was parked, and no order of an old process was turned away by the new ones.
    for (const line of all.flatMap(({ lines }) => lines))
      if (line.startsWith('handled ')) handled.add(Number(line.slice('handled '.length)))
    const { position: mailed } = await headwater.processor('mails').summary()
    expect(mailed).toBe(position)
    expect(await headwater.processor('mails').parked.list()).toEqual([])
    expect(handled.size).toBe(position)
    expect(young.flatMap(({ lines }) => lines.filter((line) => line.startsWith('lost')))).toEqual([])
  })
})
