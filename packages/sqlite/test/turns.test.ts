import type { Store } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { aRequest, append, openStore, to } from './support.ts'

/** Calls again and again, until a timer has fired that was there before. */
async function untilTimer(call: (count: number) => Promise<unknown>): Promise<boolean> {
  let hasFired = false
  setTimeout(() => (hasFired = true), 1)
  const end = performance.now() + 5_000
  for (let count = 0; !hasFired && performance.now() < end; count += 1) await call(count)
  return hasFired
}

const loops: Readonly<Record<string, (store: Store, count: number) => Promise<unknown>>> = {
  'reads the log': ({ log }) => log.read({ branch: 0, tenant: undefined, after: 0, limit: 10 }),
  'reads documents': ({ documents }) => documents.get('things', 0, '', ['a']),
  appends: (store, count) => append(store, aRequest([to(`a-${count}`)])),
  'takes leases': ({ leases }, count) => leases.acquire(`lease-${count}`, 'me', 1_000),
}

describe('a store on the thread of its callers', () => {
  it.each(Object.keys(loops))('lets timers fire while somebody %s in a loop', async (name) => {
    const store = await openStore()
    await store.documents.define('things', [])
    const call = loops[name]
    expect(await untilTimer((count) => call?.(store, count) ?? Promise.resolve())).toBe(true)
  })
})
