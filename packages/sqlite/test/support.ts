import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppendRequest, AppendResult, EventRow, LogQuery, Store } from '@headwater/core'
import { sqliteStore, type SqliteStoreOptions } from '@headwater/sqlite'
import { onTestFinished } from 'vitest'

export { anEvent, aRequest, statuses, to } from './requests.ts'

/** A path in a folder of its own, which is removed when the test is over. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'log.db')
}

/** A store that is closed when the test is over; by default in a new file. */
export async function openStore(options: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  const store = await sqliteStore({ path: options.path ?? newPath(), ...options })
  onTestFinished(() => store.close())
  return store
}

export async function append(
  store: Store,
  ...requests: readonly AppendRequest[]
): Promise<readonly AppendResult[]> {
  return store.log.append(requests)
}

/** All that a query finds, and in how many pages. */
export async function readAll(
  store: Store,
  query: Partial<LogQuery> = {},
): Promise<{ events: EventRow[]; pages: number }> {
  const events: EventRow[] = []
  let after = query.after ?? 0
  for (let pages = 1; ; pages++) {
    const page = await store.log.read({ branch: 0, tenant: undefined, limit: 1_000, ...query, after })
    events.push(...page.events)
    if (page.scannedTo >= page.head) return { events, pages }
    if (page.scannedTo <= after) throw new Error(`The page after ${after} does not go on`)
    after = page.scannedTo
  }
}
