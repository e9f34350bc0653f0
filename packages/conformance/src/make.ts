import type {
  AppendRequest,
  AppendResult,
  CommandToLog,
  DocumentWrite,
  EventRow,
  EventToAppend,
  ExpectedRevision,
  Log,
  NewBranch,
  Store,
  StreamAppend,
} from '@headwater/core'
import assert from 'node:assert/strict'

let made = 0

/** An id that no other call in this process gives. */
export function freshId(prefix = 'id'): string {
  return `${prefix}-${process.pid}-${++made}`
}

export function anEvent(parts: Partial<EventToAppend> = {}): EventToAppend {
  return {
    type: 'Happened',
    version: 1,
    data: '{"some":"data"}',
    occurredAt: 1_700_000_000_000,
    tags: [],
    ...parts,
  }
}

/** @param events the events, or how many */
export function to(
  stream: string,
  events: number | readonly EventToAppend[] = 1,
  expected: ExpectedRevision = 'any',
): StreamAppend {
  return {
    stream,
    expected,
    events: typeof events === 'number' ? Array.from({ length: events }, () => anEvent()) : events,
  }
}

export function aRequest(
  streams: readonly StreamAppend[],
  parts: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    tenant: '',
    branch: 0,
    commandId: freshId('command'),
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

export function aCommand(parts: Partial<CommandToLog> = {}): CommandToLog {
  return {
    type: 'Do',
    payload: '{}',
    status: 'accepted',
    reason: null,
    causationId: null,
    reads: '{}',
    ...parts,
  }
}

export function aDocument(key: string, document: unknown, parts: Partial<DocumentWrite> = {}): DocumentWrite {
  return {
    collection: 'things',
    tenant: '',
    branch: 0,
    key,
    document: document === null ? null : JSON.stringify(document),
    expectedVersion: undefined,
    position: undefined,
    ...parts,
  }
}

/** Appends one request and gives its result. */
export async function appendOne(log: Log, request: AppendRequest): Promise<AppendResult> {
  const results = await log.append([request])
  assert.equal(results.length, 1, 'one result per request')
  const [result] = results
  assert.ok(result)
  return result
}

type Appended = Extract<AppendResult, { status: 'appended' }>

/** Appends one request, which must succeed. */
export async function appended(log: Log, request: AppendRequest): Promise<Appended> {
  const result = await appendOne(log, request)
  assert.equal(result.status, 'appended', `not appended: ${JSON.stringify(result)}`)
  return result as Appended
}

/** Appends events to a stream, whatever its revision. */
export function record(
  store: Store,
  stream: string,
  events: number | readonly EventToAppend[] = 1,
): Promise<Appended> {
  return appended(store.log, aRequest([to(stream, events)]))
}

/** The whole log, page by page. */
export async function readAll(log: Log, branch = 0): Promise<readonly EventRow[]> {
  const events: EventRow[] = []
  let after = 0
  for (;;) {
    const page = await log.read({ branch, tenant: undefined, after, limit: 1_000 })
    events.push(...page.events)
    if (page.scannedTo >= page.head) return events
    assert.ok(page.scannedTo > after, 'a page that ends short of the head goes on')
    after = page.scannedTo
  }
}

export async function readStreamFully(
  log: Log,
  stream: string,
  tenant = '',
  branch = 0,
): Promise<readonly EventRow[]> {
  const events: EventRow[] = []
  for (;;) {
    const after = events.at(-1)?.revision ?? 0
    const page = await log.readStream({ branch, tenant, stream, after, limit: 1_000 })
    events.push(...page.events)
    if (page.events.length === 0 || events.length >= page.revision) return events
  }
}

export function statuses(results: readonly AppendResult[]): readonly AppendResult['status'][] {
  return results.map(({ status }) => status)
}

/**
 * A branch beside main without a past: what is on one is not on the other. A store that keeps no branches still keys by
 * them.
 */
export async function otherBranch({ branches }: Store): Promise<number> {
  if (branches === undefined) return 1
  const created = await branches.create(aBranch('other', { base: atTheBeginning }))
  const row = created.status === 'created' ? created.branch : await branches.find('', 'other')
  return row?.id ?? assert.fail('the branch was made or there before')
}

export const atTheBeginning = { position: 0, recordedAt: undefined, sequence: 0 } as const

/** A branch of main's head, unless it is said otherwise. */
export function aBranch(name: string, parts: Partial<NewBranch> = {}): NewBranch {
  return {
    tenant: '',
    name,
    parent: 0,
    base: undefined,
    clock: 0,
    actor: null,
    createdAt: 1_700_000_000_000,
    ...parts,
  }
}
