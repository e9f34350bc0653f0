import { randomUUID } from 'node:crypto'
import { type Headwater, openStore } from '@headwater/core'
import { postgresStore } from '@headwater/postgres'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { PlaceOrder, shopOf } from './processes/shop.ts'
import { start, type Task, type Worker } from './processes/start.ts'
import { schemaOf, server } from './support.ts'

vi.setConfig({ testTimeout: 120_000 })
const patience = { timeout: 60_000, interval: 20 }

/** A database of its own, seen by a process that processes nothing. */
async function observed() {
  const schema = schemaOf(randomUUID())
  const url = server ?? ''
  const headwater = await openStore(shopOf(1), await postgresStore({ url, schema }), { roles: [] })
  onTestFinished(() => headwater.close())
  const run = (owner: string, more: Partial<Task> = {}): Worker =>
    start({ url, schema, version: 1, owner, orders: 0, ...more })
  return { headwater, run }
}

/** Who has partitions of a processor. */
async function ownersOf(headwater: Headwater, processor: string): Promise<readonly string[]> {
  const { partitions } = await headwater.processor(processor).summary()
  return partitions.map(({ owner }) => owner?.replace(/#.*/, '') ?? 'nobody')
}

async function place(headwater: Headwater, count: number): Promise<number> {
  for (let n = 0; n < count; n += 1) await headwater.execute(PlaceOrder({ orderId: `${n}`, total: 1 }))
  return (await headwater.head()).position
}

/** Everything up to a position is processed, each event once where it is counted. */
async function requireProcessed(headwater: Headwater, position: number): Promise<void> {
  for (const name of ['sales', 'mails'])
    await headwater.processor(name).waitFor(position, { timeLimit: 60_000 })
  expect(await headwater.view('sales').get('all')).toMatchObject({ doc: { orders: position } })
  expect(await headwater.processor('mails').parked.list()).toEqual([])
}

const anHour = 3_600_000

describe.skipIf(server === undefined)('processes that share processors in PostgreSQL', () => {
  it('go on at once with the work of one that was killed, however long its leases are', async () => {
    const { headwater, run } = await observed()
    const workers = new Map(
      ['one', 'two'].map((owner) => [owner, run(owner, { leaseDuration: anHour })] as const),
    )
    await expect
      .poll(() => ownersOf(headwater, 'mails'), patience)
      .toEqual(expect.arrayContaining(['one', 'two']))
    await requireProcessed(headwater, await place(headwater, 20))

    const killed = workers.get('one')
    killed?.child.kill('SIGKILL')
    const position = await place(headwater, 20)
    await requireProcessed(headwater, position)
    expect(await ownersOf(headwater, 'mails')).toEqual(['two', 'two'])
  })

  it('go on with the work of one that stands still, and it writes nothing when it goes on', async () => {
    const { headwater, run } = await observed()
    const frozen = run('frozen', { leaseDuration: 1_000 })
    await expect.poll(() => ownersOf(headwater, 'sales'), patience).toEqual(['frozen', 'frozen'])
    const first = await place(headwater, 10)
    await requireProcessed(headwater, first)
    frozen.child.kill('SIGSTOP')
    const other = run('other', { leaseDuration: 1_000 })
    const second = await place(headwater, 10)
    await requireProcessed(headwater, second)
    expect(await ownersOf(headwater, 'sales')).toEqual(['other', 'other'])
    frozen.child.kill('SIGCONT')
    const third = await place(headwater, 30)
    await requireProcessed(headwater, third)
    // It finds out, and shares in the work again.
    await expect.poll(() => ownersOf(headwater, 'sales'), patience).toContain('frozen')
    await requireProcessed(headwater, await place(headwater, 10))
    expect([frozen.child.exitCode, other.child.exitCode]).toEqual([null, null])
  })

  it('agree on who has what, although the clocks of some are hours off', async () => {
    const { headwater, run } = await observed()
    const shifts = { early: -anHour, right: 0, late: anHour }
    for (const [owner, clockShift] of Object.entries(shifts)) run(owner, { clockShift, leaseDuration: 2_000 })
    await expect
      .poll(
        async () =>
          new Set([...(await ownersOf(headwater, 'mails')), ...(await ownersOf(headwater, 'sales'))]),
        patience,
      )
      .not.toContain('nobody')
    const started = Date.now()
    await requireProcessed(headwater, await place(headwater, 60))
    for await (const { recordedAt } of headwater.events()) {
      expect(Math.abs(recordedAt.getTime() - started)).toBeLessThan(anHour / 2)
    }
  })
})
