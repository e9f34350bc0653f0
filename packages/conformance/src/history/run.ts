import type {
  AppendRequest,
  AppendResult,
  CommandRow,
  DocumentWrite,
  EventRow,
  LogQuery,
  Store,
} from '@headwater/core'
import { aCommand, aDocument, aRequest, otherBranch, readAll } from '../make.ts'
import { type DocumentStep, keys, type RequestStep, type Step, streams, tenants } from './steps.ts'

/** What a store answered to each step, without what stores may differ in. */
export async function answersOf(
  store: Store,
  steps: readonly Step[],
  tick: (by: number) => void,
): Promise<unknown[]> {
  await store.documents.define('things', [])
  const other = await otherBranch(store)
  const answers: unknown[] = []
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'tick') tick(step.by)
    else if (step.kind === 'append') answers.push(await answerToAppend(store, step.requests, index, other))
    else answers.push(await answerToRead(store, step))
  }
  return answers
}

async function answerToAppend(
  store: Store,
  steps: readonly RequestStep[],
  index: number,
  other: number,
): Promise<unknown[]> {
  const requests: AppendRequest[] = []
  for (const [ordinal, given] of steps.entries()) {
    const step = { ...given, branch: given.branch === 0 ? 0 : other }
    const documents: DocumentWrite[] = []
    for (const document of step.documents) documents.push(await documentWrite(store, step, document))
    requests.push(
      aRequest(step.streams, {
        ...step,
        documents,
        commandId: step.commandId ?? `append-${index}-${ordinal}`,
        command: step.commandId === undefined ? null : aCommand(),
      }),
    )
  }
  return (await store.log.append(requests)).map(answerToRequest)
}

async function documentWrite(
  store: Store,
  { tenant, branch }: RequestStep,
  { key, document, expected }: DocumentStep,
): Promise<DocumentWrite> {
  const [row] = await store.documents.get('things', branch, tenant, [key])
  const current = row?.version ?? 0
  const versions = { any: undefined, missing: 0, current, stale: current + 1_000 }
  return { ...aDocument(key, null, { tenant, branch }), document, expectedVersion: versions[expected] }
}

function answerToRequest(result: AppendResult): unknown {
  switch (result.status) {
    case 'appended':
      return { ...result, recordedAt: undefined }
    case 'condition-failed':
      // Any event that the condition excludes may be named.
      return result.status
    default:
      return result
  }
}

async function answerToRead(store: Store, step: Extract<Step, { readonly kind: 'read' }>): Promise<unknown> {
  const { limit, tenant, types, tags } = step
  const events: unknown[] = []
  let after = step.after
  for (;;) {
    const query: LogQuery = {
      branch: 0,
      tenant,
      after,
      limit,
      ...(types && { types }),
      ...(tags && { query: { items: [{ tags }] } }),
    }
    // How far a page with few matches scans is the store's affair; what all pages give together is not.
    const page = await store.log.read(query)
    events.push(...page.events.map(withoutTime))
    if (page.scannedTo >= page.head) return events
    after = page.scannedTo
  }
}

/** Everything that a store holds after a history. */
export async function contentsOf(store: Store): Promise<unknown> {
  const contents: unknown[] = []
  for (const branch of [0, await otherBranch(store)]) {
    const events = await readAll(store.log, branch)
    contents.push(events.map(withoutTime), (await store.log.head(branch)).position)
    contents.push(
      (await store.commands.read({ branch, tenant: undefined, after: 0, limit: 1_000 })).map(
        commandWithoutTime,
      ),
    )
    for (const tenant of tenants) contents.push(...(await contentsOfTenant(store, branch, tenant)))
  }
  return contents
}

async function contentsOfTenant(store: Store, branch: number, tenant: string): Promise<unknown[]> {
  const contents: unknown[] = [
    await store.log.listStreams({ branch, tenant, prefix: '', after: '', limit: 100 }),
  ]
  for (const stream of streams) {
    const page = await store.log.readStream({ branch, tenant, stream, after: 0, limit: 1_000 })
    contents.push({ revision: page.revision, events: page.events.map(withoutTime) })
  }
  for (const row of await store.documents.get('things', branch, tenant, keys))
    contents.push(row && { ...row, version: undefined })
  return contents
}

/** The recorded times of a log. */
export async function timesOf(store: Store): Promise<readonly number[]> {
  return (await readAll(store.log)).map(({ recordedAt }) => recordedAt)
}

function withoutTime(row: EventRow): unknown {
  return { ...row, recordedAt: undefined }
}

function commandWithoutTime(row: CommandRow): unknown {
  return { ...row, decidedAt: undefined, sequence: undefined }
}
