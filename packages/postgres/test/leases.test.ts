import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { administer, openTrial, schemaOf, server } from './support.ts'

const minute = 60_000

/** The connections that say that a process is there. */
function endPresences(schema: string): Promise<readonly unknown[]> {
  return administer(`SELECT pg_terminate_backend(pg_locks.pid) FROM pg_locks JOIN ${schema}.leases ON presence = (classid::bigint << 32) | objid::bigint
    WHERE locktype = 'advisory' AND objsubid = 1`)
}

describe.skipIf(server === undefined)('leases in PostgreSQL', () => {
  it('are free at once when the connection of their holder has ended, and kept by one who comes back', async () => {
    const database = randomUUID()
    const [one, two] = [await openTrial({ database }), await openTrial({ database })]
    onTestFinished(async () => {
      await Promise.all([one.close(), two.close()])
    })
    const lost = await one.leases.acquire('view', 'one', minute)
    expect(lost).toBeDefined()
    expect(await two.leases.acquire('view', 'two', minute)).toBeUndefined()
    expect(await two.leases.held('view')).toEqual([{ name: 'view', owner: 'one' }])

    await endPresences(schemaOf(database))
    await expect.poll(() => two.leases.held('view')).toEqual([])
    const taken = await two.leases.acquire('view', 'two', minute)
    expect(taken?.token).toBeGreaterThan(lost?.token ?? 0)
    expect(lost && (await one.leases.renew(lost, minute))).toBe(false)

    await endPresences(schemaOf(database))
    await expect.poll(() => one.leases.held('view')).toEqual([])
    expect(taken && (await two.leases.renew(taken, minute))).toBe(true)
    await expect
      .poll(async () => {
        if (taken !== undefined) await two.leases.renew(taken, minute)
        return one.leases.held('view')
      })
      .toEqual([{ name: 'view', owner: 'two' }])
    expect(await one.leases.acquire('view', 'one', minute)).toBeUndefined()
  })
})
