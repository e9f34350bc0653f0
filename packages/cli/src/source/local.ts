import {
  type Headwater,
  HeadwaterError,
  lookOn,
  type RecordedEvent,
  type RuleEntrySummary,
  type RuleSummary,
  type ViewVersionsHandle,
} from '@headwater/core'
import type { Prediction } from '@headwater/client'
import { catchUp } from '../app/catch-up.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { localDebug } from './debug.ts'
import { localExternals } from './externals.ts'
import { asLocalFilters } from './filters.ts'
import { asSent, localBranches } from './branches.ts'
import { localProcessor, operator } from './processors.ts'
import type { Scope } from './scope.ts'
import type { EventsQuery, ListedEvent, RuleEntryLine, RuleLine, Source, VersionsSource } from './source.ts'

/** A database that this process has open. */
export function localSource(
  headwater: Headwater,
  terminal: Terminal,
  scope: Scope,
  branch: string | undefined,
): Source {
  const { tenant: named } = scope
  const tenant = named === undefined ? {} : { tenant: named }
  const on = branch === undefined || branch === 'main' ? headwater : headwater.branch(branch, tenant)
  return {
    name: headwater.store.name.replace(/^sqlite:/, ''),
    async log({ types, as, ...query }) {
      const page = await on.readEvents({ ...query, ...scope, ...(types !== undefined && { types }) })
      return { ...page, events: page.events.map((event) => envelopeOf(event, as, scope)) }
    },
    async stream(stream, query) {
      const { events, revision } = await on.readStream(stream, { ...query, ...tenant })
      if (revision === 0) throw notFound(stream)
      return {
        events: events.map((event) => envelopeOf(event, query.as, tenant)),
        scannedTo: events.at(-1)?.revision ?? revision,
        head: revision,
      }
    },
    async *follow({ after, types, as }, signal) {
      const events = on.events({
        after,
        live: true,
        signal,
        ...scope,
        ...(types !== undefined && { types }),
      })
      // Waiting for others to record something keeps no process alive by itself.
      const waiting = setInterval(() => undefined, 60_000)
      try {
        for await (const event of events) yield envelopeOf(event, as, scope)
      } finally {
        clearInterval(waiting)
      }
    },
    async state(stream, past) {
      const { state, revision } = await on.state(stream, { ...past, ...tenant })
      if (revision === 0) throw notFound(stream)
      return { state, revision }
    },
    async *history(stream, past) {
      for (let after = 0; ; ) {
        const { revision, items } = await on.history(stream, { ...past, after, limit: 500, ...tenant })
        if (revision === 0) throw notFound(stream)
        for (const { event, changed, state } of items) yield { event: event.toJSON(), changed, state }
        if (items.length < 500) return
        after = items.at(-1)?.event.revision ?? revision
      }
    },
    debug: (part) => localDebug(on, part, tenant),
    async trace(id) {
      const trace = await on.trace(id, tenant)
      if (trace === undefined) {
        throw new HeadwaterError(
          'event.not-found',
          `No event, command or correlation has the id ${JSON.stringify(id)}`,
        )
      }
      return { ...trace, events: trace.events.map((event) => event.toJSON()) }
    },
    rules: async (at) => headwater.rules(at === undefined ? {} : { at }).map(ruleLine),
    ...localExternals(headwater, scope),
    processors: () =>
      Promise.all(
        headwater.processors.map((processor) => localProcessor(processor, scope, operator()).summary()),
      ),
    processor: (name) => localProcessor(headwater.processor(name), scope, operator()),
    async views() {
      await catchUp(headwater, terminal)
      return headwater.views()
    },
    branches: localBranches(headwater, terminal, tenant),
    versions: (view) => localVersions(headwater.versions(view)),
    async document(view, key, at) {
      const reader = on.view(view)
      if (at === undefined) await catchUp(headwater, terminal, [view])
      const item = await reader.get(key, { at, ...tenant })
      if (item === undefined)
        throw new HeadwaterError('view.not-found', `View ${view} has no document ${JSON.stringify(key)}`)
      return item
    },
    async documents(view, { filters, search, sort, limit, cursor, at }) {
      const reader = on.view(view)
      if (at === undefined) await catchUp(headwater, terminal, [view])
      return reader.list({
        filters: filters.flatMap(asLocalFilters),
        limit,
        at,
        ...tenant,
        ...(search !== undefined && { search }),
        ...(sort !== undefined && { sort }),
        ...(cursor !== undefined && { cursor }),
      })
    },
    async forecast(view, options) {
      const forecast = await on.forecast(view, { ...options, ...tenant })
      const written = <Value extends { readonly from: Date; readonly to: Date }>(value: Value) => ({
        ...value,
        from: value.from.toISOString(),
        to: value.to.toISOString(),
      })
      return { ...forecast, past: forecast.past.map(written), future: forecast.future.map(written) }
    },
    async predict({ from = branch, at, commands, until, look, actor }) {
      if (at === undefined) await catchUp(headwater, terminal)
      const who = actor === undefined ? {} : { actor }
      const predicted = await headwater.predict({
        ...tenant,
        ...(from !== undefined && from !== 'main' && { from }),
        ...(at !== undefined && { at }),
        ...(until !== undefined && { until }),
        commands: commands.map((one) => ({ ...one, ...who })),
        look: (onIt) => lookOn(onIt, look, who),
        signal: terminal.signal,
      })
      return asSent<Prediction>(predicted)
    },
    queries: () => Promise.resolve(headwater.catalog.queries),
    async query(name, input, { actor, at }) {
      if (at === undefined) await catchUp(headwater, terminal)
      const answer = await on.queryRaw(name, input, {
        ...tenant,
        ...(at === undefined ? { waitFor: 'head' as const } : { at }),
        ...(actor !== undefined && { actor }),
      })
      if (answer === undefined) throw new HeadwaterError('query.not-found', `The query ${name} has no answer`)
      return answer
    },
    send: (type, data, { id, actor, correlationId, expectedRevision, occurredAt }) =>
      on.executeRaw(type, data, {
        ...tenant,
        ...(id !== undefined && { id }),
        ...(actor !== undefined && { actor }),
        ...(correlationId !== undefined && { correlationId }),
        ...(expectedRevision !== undefined && { expectedRevision }),
        ...(occurredAt !== undefined && { occurredAt }),
      }),
    async revert(scope, { why, dryRun, actor }) {
      const plan = await on.planReversal(scope, tenant)
      const { head, events, lacking } = plan
      if (dryRun) return { head, events, lacking, recorded: [] }
      const { recorded } = await on.revert(plan, { why, ...(actor !== undefined && { actor }) })
      return { head, events, lacking, recorded }
    },
    amend: (edits, { why, id, actor }) =>
      on.amendRaw(edits, {
        ...tenant,
        why,
        ...(id !== undefined && { id }),
        ...(actor !== undefined && { actor }),
      }),
    close: () => headwater.close(),
  }
}

function envelopeOf(event: RecordedEvent, as: EventsQuery['as'], { allTenants }: Scope): ListedEvent {
  const envelope = (as === 'recorded' ? event.asRecorded() : event).toJSON()
  return allTenants ? { ...envelope, tenant: event.tenant } : envelope
}

/** A rebuild that is begun here is done here: nobody else need be running. */
function localVersions(versions: ViewVersionsHandle): VersionsSource {
  const here = true
  return {
    list: () => versions.list(),
    rebuild: async (options) => (await versions.rebuild({ ...options, here })).progress(),
    progress: async () => (await versions.rebuilding()).progress(),
    cancel: async () => {
      const rebuild = await versions.rebuilding()
      await rebuild.cancel()
      return rebuild.progress()
    },
    switchTo: async (version, { allTenants, withParked }) =>
      (await versions.switchTo(version, { allTenants, withParked, here })).progress(),
    drop: (version) => versions.drop(version),
    accept: () => versions.accept(),
  }
}

function notFound(stream: string): HeadwaterError {
  return new HeadwaterError('stream.not-found', `Stream ${stream} has no events`)
}

function ruleLine({ entries, inForce, ...rule }: RuleSummary): RuleLine {
  return { ...rule, entries: entries.map(entryLine), inForce: inForce === null ? null : entryLine(inForce) }
}

function entryLine({ from, to, kind, value, fingerprint }: RuleEntrySummary): RuleEntryLine {
  return { from: from?.toISOString() ?? null, to: to?.toISOString() ?? null, kind, value, fingerprint }
}
