import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type AppendRequest,
  eventId,
  isHeadwaterError,
  type Lease,
  type ProgressCommit,
  type Store,
} from '@headwater/core'
import { chase } from '../chase.ts'
import { aDocument, appendOne } from '../make.ts'
import type { StoreModule } from '../subject.ts'
import type { Message, Task } from './messages.ts'
import { numberedRequest, requestDocuments } from './workload.ts'

type Tell = (message: Message) => void
type TaskOf<Kind extends Task['kind']> = Extract<Task, { readonly kind: Kind }>

export async function appendNumbered(
  store: Store,
  { writer, from, count, callers }: TaskOf<'append'>,
  tell: Tell,
): Promise<void> {
  await store.documents.define(requestDocuments, [])
  let next = from
  const caller = async (): Promise<void> => {
    while (next < from + count) {
      const number = next++
      const result = await appendOne(store.log, numberedRequest(writer, number))
      // What was sent before the last crash may have been recorded then.
      assert.ok(result.status === 'appended' || result.status === 'duplicate', JSON.stringify(result))
      tell({
        kind: 'acknowledged',
        number,
        position: result.status === 'appended' ? result.position : undefined,
      })
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

export async function race(store: Store, requests: readonly AppendRequest[], tell: Tell): Promise<void> {
  const results = await Promise.all(requests.map((request) => appendOne(store.log, request)))
  tell({ kind: 'raced', statuses: results.map(({ status }) => status) })
}

export async function chaseTo(store: Store, { until, limit }: TaskOf<'chase'>, tell: Tell): Promise<void> {
  const events = await chase(store.log, { limit, until: () => until })
  tell({ kind: 'read', events: events.length })
}

export async function lock(
  subject: StoreModule,
  database: string,
  given: readonly string[],
  milliseconds: number,
  tell: Tell,
): Promise<void> {
  const release = await subject.lockWrites(database, ...given)
  tell({ kind: 'locked' })
  await pause(milliseconds)
  release()
}

/** The processor whose document says how many events it has counted. */
export const counter = { processor: 'counter', collection: 'counts', key: 'all' } as const

export async function project(
  store: Store,
  { owner, leaseFor }: TaskOf<'project'>,
  tell: Tell,
): Promise<void> {
  for (;;) {
    const lease = await store.leases.acquire(counter.processor, owner, leaseFor)
    if (lease === undefined) {
      await pause(5)
      continue
    }
    try {
      for (;;) tell({ kind: 'projected', position: await projectBatch(store, lease) })
    } catch (error) {
      if (!isHeadwaterError(error, 'processor.fenced')) throw error
    }
  }
}

/** Reads, counts and commits one batch; gives the position that was reached. */
async function projectBatch(store: Store, lease: Lease): Promise<number> {
  const checkpoint = await store.progress.checkpoint(counter.processor, 0)
  const after = checkpoint?.position ?? 0
  const page = await store.log.read({ branch: 0, tenant: undefined, after, limit: 1 + (after % 7) })
  const last = page.events.at(-1)
  if (last === undefined) {
    await pause(1)
    return after
  }
  const [row] = await store.documents.get(counter.collection, 0, '', [counter.key])
  const count = Number(row?.document ?? 0) + page.events.length
  const commit: ProgressCommit = {
    processor: counter.processor,
    branch: 0,
    lease,
    checkpoint: { epoch: 'epoch', position: last.position, eventId: eventId(last.commandId, last.ordinal) },
    documents: [aDocument(counter.key, count, { collection: counter.collection })],
    park: [],
    unpark: [],
  }
  await store.progress.commit(commit)
  return last.position
}
