import {
  type Client,
  type Comparison,
  createClient,
  type Edit,
  type Envelope,
  HeadwaterProblem,
  newCommandId,
  type VersionsClient,
} from '@headwater/client'
import type { Outcome, RawEdit } from '@headwater/core'
import { CliError, usageError } from '../command/cli-error.ts'
import type { ViewFilter } from './filters.ts'
import type { BranchLine, ListedEvent, SendOptions, Source, VersionsSource } from './source.ts'
import type { Scope } from './scope.ts'

/** A server that answers at a URL. */
export function remoteSource(url: string, { tenant, allTenants }: Scope, branch: string | undefined): Source {
  const client = createClient({ url, tenant, retries: 1, branch: branch === 'main' ? undefined : branch })
  const reached = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer
    } catch (error) {
      // What fetch says of a connection that failed.
      if (!(error instanceof TypeError)) throw error
      throw new CliError('cli.server-unreachable', `No server answers at ${url}`, {
        cause: error.cause ?? error,
      })
    }
  }
  return {
    name: url,
    async log(query) {
      const page = await reached(client.log({ ...query, allTenants }))
      return { ...page, events: page.events.map(asEnvelope) }
    },
    async stream(stream, query) {
      const { events } = await reached(client.stream(stream, query))
      const last = events.at(-1)?.revision ?? query.after
      // The answer's body doesn't say how far the stream goes; a page that isn't full is the last one.
      return {
        events: events.map(asEnvelope),
        scannedTo: last,
        head: events.length < query.limit ? last : last + 1,
      }
    },
    async *follow({ after, types, as }, signal) {
      await reached(client.log({ after, limit: 1, allTenants }))
      for await (const event of client.events({ after, types, as, allTenants, signal }))
        yield asEnvelope(event)
    },
    async state(stream, past) {
      const { revision, state } = await reached(client.state(stream, past))
      return { revision, state }
    },
    async *history(stream, past) {
      for (let after = 0; ; ) {
        const { revision, items } = await reached(client.history(stream, { ...past, after, limit: 500 }))
        for (const { event, changed, state } of items) yield { event: asEnvelope(event), changed, state }
        if (items.length < 500) return
        after = items.at(-1)?.event.revision ?? revision
      }
    },
    async debug(part) {
      const session = await reached(client.debug(part))
      return {
        place: () => reached(session.place()),
        move: (move) => reached(session.move(move)),
        end: () => session.end(),
      }
    },
    async trace(id) {
      const trace = await reached(client.trace(id))
      return { ...trace, events: trace.events.map(asEnvelope) }
    },
    rules: (at) => reached(client.rules({ at })),
    externals: () => reached(client.externals({ allTenants })),
    calls: (external, query) => reached(client.externalCalls(external, { ...query, allTenants })),
    call: (external, sequence) => reached(client.externalCall(external, sequence, { allTenants })),
    processors: () => reached(client.processors()),
    processor: (name) => client.processor(name),
    views: () => reached(client.views()),
    branches: {
      async list() {
        const all: BranchLine[] = []
        for (;;) {
          const page = await reached(client.branches.list({ after: all.at(-1)?.name, limit: 500 }))
          all.push(...page)
          if (page.length < 500) return all
        }
      },
      create: (name, options) => reached(client.branches.create(name, options)),
      get: (name) => reached(client.branches.get(name)),
      moveTo: (name, time) => reached(client.branches.moveTo(name, time)),
      replay: (name, { mode, from, all, signal }) =>
        reached(client.branches.replay(name, { mode, from, all, signal })),
      diff: (name, options) => reached(client.branches.diff(name, options)),
      plan: (name, choices) => reached(client.branches.plan(name, choices)),
      merge: (name, choices, { why, actor }) => {
        if (actor !== undefined)
          throw usageError('--actor is for a database', 'A server finds out by itself who merges.')
        return reached(client.branches.merge(name, { ...choices, why }))
      },
      drop: (name) => reached(client.branches.drop(name)),
    },
    versions: (view) => remoteVersions(client.versions(view), reached),
    document: (view, key, at) => reached(client.view(view).get(key, { at })),
    documents: (view, { filters, ...query }) =>
      reached(client.view(view).list({ ...query, filter: asQuery(filters) })),
    forecast: (view, options) => reached(client.view(view).forecast(options)),
    predict: ({ actor, ...hypothesis }) => {
      if (actor !== undefined)
        throw usageError('--actor is for a database', 'A server finds out by itself who asks.')
      return reached(client.predict(hypothesis))
    },
    queries: () => reached(client.queries()),
    query: (name, input, { actor, at }) => {
      if (actor !== undefined) throw whoAsks()
      return reached(client.query(name, input, at === undefined ? { waitFor: 'head' } : { at }))
    },
    send: (type, data, options) => send(client, type, data, options, reached),
    revert: (scope, { why, dryRun, actor }) => {
      if (actor !== undefined)
        throw usageError('--actor is for a database', 'A server finds out by itself who does it.')
      const options = dryRun ? { dryRun } : { why }
      if ('stream' in scope) return reached(client.revertStream(scope.stream, scope.to, options))
      return reached(client.revert(scope, options))
    },
    amend: (edits, { why, id, actor }) => {
      if (actor !== undefined)
        throw usageError('--actor is for a database', 'A server finds out by itself who says so.')
      return reached(client.amend(edits.map(sentEdit), { why, id }))
    },
    close: () => Promise.resolve(),
  }
}

function sentEdit(edit: RawEdit): Edit {
  if ('omit' in edit || 'restore' in edit) return edit
  const { occurredAt, ...content } = 'replace' in edit ? edit.by : edit.insert
  const sent = { ...content, ...(occurredAt && { occurredAt: occurredAt.toISOString() }) }
  if ('replace' in edit) return { replace: { ...sent, event: edit.replace } }
  const insert = { ...sent, type: edit.insert.type }
  return { insert: 'after' in edit ? { ...insert, after: edit.after } : { ...insert, stream: edit.first } }
}

function whoAsks(): Error {
  return usageError('--actor is for a database', 'A server finds out by itself who asks.')
}

function remoteVersions(
  versions: VersionsClient,
  reached: <Answer>(answer: Promise<Answer>) => Promise<Answer>,
): VersionsSource {
  return {
    list: () => reached(versions.list()),
    rebuild: (options) => reached(versions.rebuild(options)),
    progress: () => reached(versions.progress()),
    cancel: () => reached(versions.cancel()),
    switchTo: (version, { allTenants, withParked }) =>
      reached(versions.switchTo(version, { allTenants, withParked })),
    drop: async (version) => void (await reached(versions.drop(version))),
    accept: async () => void (await reached(versions.accept())),
  }
}

function asEnvelope(event: Envelope): ListedEvent {
  return { ...event, occurredAt: event.occurredAt ?? event.recordedAt }
}

function asQuery(filters: readonly ViewFilter[]): Record<string, string | Comparison> {
  const query: Record<string, string | Comparison> = {}
  for (const { path, operator, text } of filters) {
    const before = query[path]
    if (operator === 'eq') query[path] = text
    else query[path] = { ...(typeof before === 'object' && before), [operator]: text }
  }
  return query
}

async function send(
  client: Client,
  type: string,
  data: unknown,
  { id = newCommandId(), actor, correlationId, expectedRevision, occurredAt }: SendOptions,
  reached: <Answer>(answer: Promise<Answer>) => Promise<Answer>,
): Promise<Outcome> {
  if (actor !== undefined || occurredAt !== undefined) {
    throw usageError(
      '--actor and --occurred-at are for a database',
      'A server finds out by itself who sends, and when.',
    )
  }
  try {
    const accepted = await reached(client.execute(type, data, { id, correlationId, expectedRevision }))
    return { status: 'accepted', ...accepted, position: accepted.position ?? undefined }
  } catch (error) {
    const reason = error instanceof HeadwaterProblem ? rejectionOf(error) : undefined
    if (reason === undefined) throw error
    return { status: 'rejected', commandId: id, position: undefined, events: [], ...reason }
  }
}

/** A rejection by the domain, which the server tells as a problem that names the stream. */
function rejectionOf({ status, code, message, document }: HeadwaterProblem) {
  const stream = document['stream']
  const revision = document['revision']
  if (status !== 422 || typeof stream !== 'string') return undefined
  return {
    stream,
    revision: typeof revision === 'number' ? revision : 0,
    reason: { code, message, data: document['data'] },
  }
}
