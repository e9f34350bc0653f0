import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  AppendRequest,
  AppendResult,
  EventRow,
  EventToAppend,
  LogQuery,
  Store,
  StreamAppend,
} from '@headwater/core'
import { sqliteStore, type SqliteStoreOptions } from '@headwater/sqlite'
import { onTestFinished } from 'vitest'

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

let made = 0

export function anEvent(parts: Partial<EventToAppend> = {}): EventToAppend {
  return { type: 'Happened', version: 1, data: '{}', occurredAt: 1_700_000_000_000, tags: [], ...parts }
}

export function to(stream: string, events: readonly EventToAppend[] = [anEvent()]): StreamAppend {
  return { stream, expected: 'any', events }
}

export function aRequest(
  streams: readonly StreamAppend[],
  parts: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    tenant: '',
    branch: 0,
    commandId: `command-${++made}`,
    actor: null,
    correlationId: null,
    causationId: null,
    streams,
    conditions: [],
    documents: [],
    command: null,
    ...parts,
  }
}

export async function append(
  store: Store,
  ...requests: readonly AppendRequest[]
): Promise<readonly AppendResult[]> {
  return store.log.append(requests)
}

export function statuses(results: readonly AppendResult[]): readonly AppendResult['status'][] {
  return results.map(({ status }) => status)
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
