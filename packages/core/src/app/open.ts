import { buildCatalog } from '../catalog/build.ts'
import { callsOfQuery } from '../external/calls.ts'
import { Externals } from '../external/externals.ts'
import { Retention } from '../external/retention.ts'
import { type ExternalModes, modesOf, withStandIns } from '../external/mode.ts'
import { backOffBy, type Random } from '../handle/backoff.ts'
import { CommandExecutor } from '../handle/executor.ts'
import { handlerRoute } from '../handle/handler-route.ts'
import { sqlOf } from '../handle/gathering.ts'
import { StoredAnswers } from '../handle/answers.ts'
import { StreamLocks } from '../handle/locks.ts'
import { Queues } from '../handle/queues.ts'
import { Recorder, type AppendHooks } from '../handle/recorder.ts'
import { SnapshotRounds } from '../handle/snapshot-rounds.ts'
import { SnapshotKeeper } from '../handle/snapshots.ts'
import { StreamStates } from '../handle/states.ts'
import { type Clock, systemClock } from '../log/clock.ts'
import { EventReader } from '../log/event-reader.ts'
import { lookupIn } from '../decide/rule-book.ts'
import { LogFeed } from '../log/feed.ts'
import { GroupCommit, type GroupCommitOptions } from '../log/group-commit.ts'
import { mainBranch } from '../log/port.ts'
import { leaseOwner } from '../log/owner.ts'
import type { Store } from '../log/store.ts'
import { jsonCodec, type PayloadCodec } from '../message/codec.ts'
import type { HeadwaterError } from '../message/errors.ts'
import { newId as timeOrderedId } from '../message/identity.ts'
import { Publisher } from '../process/publisher.ts'
import { Mediator, type Delivery, type ErrorHook } from '../process/mediator.ts'
import { Horizon } from '../process/horizon.ts'
import { ProcessorRunner, runnerParts } from '../process/runner.ts'
import { subscriptionPlan } from '../process/subscription-work.ts'
import { InlineViews } from '../view/inline.ts'
import { Queries } from '../query/ask.ts'
import { requireNoQuery } from '../query/reading.ts'
import type { OnChangedView } from '../view/version-role.ts'
import { VersionedViews } from '../view/versioned-views.ts'
import { StreamPast } from '../time/stream-past.ts'
import { StreamHistory } from '../amend/stream-history.ts'
import { Amender } from './amender.ts'
import { allOf, type MayMerge } from '../time/merge/may-merge.ts'
import { ViewHistories } from '../time/view-history/view-histories.ts'
import { Appender } from './appender.ts'
import { AppBranches } from './branches.ts'
import { BranchCompare } from './branch-compare.ts'
import { BranchMerge } from './branch-merge.ts'
import { openBranch } from './branch-runtime.ts'
import type { App } from './definition.ts'
import { ExternalsAdmin } from './externals.ts'
import type { Headwater } from './headwater.ts'
import { Images } from './images.ts'
import { LogReader } from './log-reader.ts'
import { logSources } from './query-sources.ts'
import { Reverter } from './reverter.ts'
import { register, type Registry } from './registry.ts'
import { type RoleOptions, rolesOf } from './roles.ts'
import { Runtime } from './runtime.ts'
import { SnapshotAdmin } from './snapshots.ts'
import { Views } from './views.ts'

export interface OpenOptions extends RoleOptions {
  /** Gets the failures of what nobody waits for: subscriptions, processors, dispatched commands. Default: standard error. */
  readonly onError?: ErrorHook
  /** Whether the after-commit subscriptions to one event run side by side. Default `parallel`. */
  readonly delivery?: Delivery
  /** How payloads are stored. Default JSON. */
  readonly codec?: PayloadCodec
  readonly groupCommit?: GroupCommitOptions
  /** Milliseconds for which a process that died keeps its processors from others. Default 10,000. */
  readonly leaseDuration?: number
  /** Where the runtime gets time from. The store has a clock of its own. Default: the machine's. */
  readonly clock?: Clock
  /** Makes the ids of commands and appends that come without one. Default: UUIDs of version 7. */
  readonly newId?: () => string
  /** Gives chance its numbers: how long who lost a race waits before it tries again. Default: `Math.random`. */
  readonly random?: Random
  /** Who may merge what into main, or into another branch, of those whom the app's own `mayMerge` lets. Default: everybody everything. */
  readonly mayMerge?: MayMerge
  /** Names this process among those that share the store. */
  readonly owner?: string
  /**
   * What happens when the code of a view would make other documents than those that are stored. Default `warn`.
   * - `warn`: says so, and folds on into the documents that are there.
   * - `rebuild`: folds the whole log into new documents, beside the ones that are read, and switches to them. With inline
   *   views that have changed the app is open when they are rebuilt.
   * - `refuse`: does not open (`view.changed`).
   */
  readonly onChangedView?: OnChangedView
  /** Gets what should be known though nothing failed. Default: standard error. */
  readonly onWarning?: (warning: HeadwaterError) => void
  /**
   * How far the externals of this process reach, one for all or by their names; a function stands for the
   * outside. Default `live`. A copy of a log that is run
   * for a trial should reach nothing: `recorded` or `blocked`.
   */
  readonly externals?: ExternalModes
  /** Milliseconds for which a version of a view that was replaced is kept, to be switched back to. Default: a day. */
  readonly viewGrace?: number
}

const day = 86_400_000

const printWarning = ({ code, message, remedy }: HeadwaterError): void => {
  console.warn(`${code}: ${message}. ${remedy}`)
}

const printError: ErrorHook = (error, source) => {
  const where = source.processor ?? source.subscription ?? 'headwater'
  console.error(`[${where}]${source.eventId === undefined ? '' : ` event ${source.eventId}:`}`, error)
}

/** The event types that the app itself records, not only reacts to. */
function recordedTypes({ contexts }: App, { handlers }: Registry): ReadonlySet<string> {
  const own = contexts.flatMap(({ aggregates, events }) => [
    ...events,
    ...aggregates.flatMap((aggregate) => aggregate.events),
  ])
  const handled = [...handlers.values()].flatMap(({ events }) => events)
  return new Set([...own, ...handled].map(({ type }) => type))
}

/**
 * Runs an app on a store, which it closes in the end, unless it can't be opened.
 *
 * @throws HeadwaterError `app.invalid`, `log.format`, `view.changed`, `view.rebuild-blocked`
 */
export async function openStore(app: App, store: Store, options: OpenOptions = {}): Promise<Headwater> {
  const registry = register(app)
  const chosen = rolesOf(options)
  const codec = options.codec ?? jsonCodec
  const onError = options.onError ?? printError
  const closing = new AbortController()
  const head = await store.log.head(mainBranch)
  const reader = new EventReader(codec, registry.events.values())
  const feed = new LogFeed(store.log, reader, head.position, (error) => onError(error, {}))
  const commits = new GroupCommit(store.log, store.commands, feed.offer, options.groupCommit)

  for (const tables of registry.tables) {
    const sql = sqlOf(store.sql, tables.name)
    await sql.migrate(tables.name, tables.steps(tables.name, sql.dialect))
  }
  const clock = options.clock ?? systemClock
  const parts = runnerParts({
    store,
    feed,
    codec,
    clock,
    owner: options.owner ?? leaseOwner(),
    onError,
    leaseDuration: options.leaseDuration ?? 10_000,
  })
  const defined = [...registry.views.values()]
  const versioned = await VersionedViews.open(defined, parts, {
    onChanged: options.onChangedView ?? 'warn',
    onWarning: options.onWarning ?? printWarning,
    grace: options.viewGrace ?? day,
    processors: chosen.has('views'),
    codec,
    recorded: recordedTypes(app, registry),
  })
  const inline = new InlineViews(versioned.hosts, versioned.versions, store, codec, feed)

  const externals = new Externals({
    externals: withStandIns(registry.externals, options.externals),
    modeOf: modesOf(options.externals),
    journal: store.externals,
    codec,
    clock,
    closing: closing.signal,
  })
  const context = {
    externals,
    execute: (...parameters: Parameters<Headwater['execute']>) => runtime.execute(...parameters),
    signal: closing.signal,
  }
  const mediator = new Mediator(registry.subscriptions, options.delivery ?? 'parallel', onError, context)
  const hooks: AppendHooks = {
    isInterested: (streams) => mediator.takesPartIn(streams) || inline.takesPartIn(streams),
    prepare: async (request, revisionOf) => {
      const extended = await mediator.extend(request, codec, feed, revisionOf)
      return { ...extended, ...(await inline.fold(extended)) }
    },
    viewGeneration: () => inline.generation,
    viewsChanged: () => inline.refresh(),
    settled: (documents, isRecorded) => inline.settled(documents, isRecorded),
    afterCommit: (events) => mediator.afterCommit(events),
  }
  const backOff = backOffBy(options.random ?? Math.random)
  const recorder = new Recorder(store.log, commits, feed, hooks, backOff)
  const now = (): number => clock.now()
  const failed = (error: unknown): void => onError(error, {})
  const keeper = new SnapshotKeeper({
    store,
    codec,
    epoch: head.epoch,
    rulesHash: registry.ruleBook.hash,
    now,
    onError: failed,
  })
  for (const aggregate of registry.aggregates.values()) keeper.requireFaithful(aggregate, aggregate.initial)
  const history = new StreamHistory(store.log, (row) => feed.decode(row))
  const states = new StreamStates(store.log, feed, history, keeper)
  const rounds = new SnapshotRounds({ ...parts, states, keeper, onError: failed })
  const answers = new StoredAnswers(store, codec)
  const newId = options.newId ?? timeOrderedId
  const executor = new CommandExecutor({
    codec,
    feed,
    states,
    recorder,
    answers,
    queues: new Queues(),
    locks: new StreamLocks(store.leases, clock),
    rules: registry.ruleBook,
    externals,
    backOff,
    now,
  })

  const images = new Images(registry.images, {
    ...parts,
    codec,
    rules: lookupIn(registry.ruleBook),
    rulesHash: registry.ruleBook.hash,
  })
  const past = new StreamPast(store.log, feed, history)
  const logReader = new LogReader(store, feed, past, codec, registry, closing.signal)
  const histories = new ViewHistories(defined, registry.ruleBook.hash, parts)
  const views = new Views(defined, versioned, histories, codec, parts)
  const queries = new Queries({
    queries: registry.queries,
    interceptors: app.queryInterceptors,
    sources: {
      view: (name) => views.reader(name),
      image: (image, tenant) => images.reader(image, tenant),
      sql: (tables, given) => (tables.kind === 'view' ? runtime.sql(tables, given) : runtime.sql(tables)),
      state: (aggregate, id, tenant, at) => runtime.state(aggregate, id, { tenant, at }),
      ...logSources(logReader, past, store.log, feed),
    },
    clock,
    outside: (type, tenant, signal, asOf) => callsOfQuery(externals, type, newId, tenant, signal, asOf),
    closing: closing.signal,
  })
  const handlers = [...registry.handlers].map(
    ([type, handler]) => [type, handlerRoute(handler, store.sql)] as const,
  )
  const horizonOf = (processor: string): Promise<Horizon> => Horizon.of(store.controls, processor)
  const subscribers = registry.subscriptions
    .filter(({ when }) => when === 'async')
    .map((subscription) => subscriptionPlan(subscription, { context, codec, onError, clock, horizonOf }))
    .map((plan) => new ProcessorRunner(plan, parts))
  const { externals: modes, groupCommit } = options
  const shared = { ...parts, app, registry, views, externals: modes, groupCommit, newId, backOff }
  const retention = new Retention(registry.externals.values(), {
    journal: store.externals,
    clock,
    closing: closing.signal,
    onError: failed,
  })
  const runtime: Runtime = new Runtime({
    app,
    catalog: buildCatalog(app.name, app.contexts, registry.rules),
    registry,
    routes: new Map([...registry.commands, ...handlers]),
    store,
    feed,
    commits,
    executor,
    states,
    appender: new Appender({ codec, recorder, answers, registry, now, newId }),
    amender: new Amender({
      store,
      codec,
      registry,
      recorder,
      answers,
      history,
      decode: (row) => feed.decode(row),
      now,
      newId,
    }),
    reverter: new Reverter({ store, codec, registry, recorder, past, reader: logReader, now, newId }),
    branches: new AppBranches({
      store,
      clock,
      compare: new BranchCompare({
        store,
        codec,
        registry,
        decode: (row) => feed.decode(row),
        main: () => runtime,
      }),
      merge: new BranchMerge({
        store,
        codec,
        registry,
        decode: (row) => feed.decode(row),
        feed,
        inline: {
          takesPartIn: (streams) => inline.takesPartIn(streams),
          fold: (request) => inline.fold(request),
        },
        hooks,
        mayMerge: allOf([app.mayMerge, options.mayMerge]),
        main: () => runtime,
        now,
        newId,
      }),
      open: (branch, time) => openBranch(shared, branch, time),
    }),
    reader: logReader,
    past,
    views,
    queries,
    publisher: new Publisher(onError, requireNoQuery),
    subscribers,
    images,
    snapshots: new SnapshotAdmin({ store, registry, states, keeper, rounds }),
    externals: new ExternalsAdmin(store, externals, registry.externals),
    roles: chosen,
    closing,
    now,
    newId,
    backOff,
    onError,
  })
  try {
    await versioned.run()
  } catch (error) {
    await runtime.stop()
    throw error
  }
  if (chosen.has('images')) images.run()
  for (const subscriber of subscribers) {
    if (chosen.has('subscriptions')) subscriber.run()
    else subscriber.leaveToOthers()
  }
  if (chosen.has('views')) await histories.run()
  if (chosen.has('snapshots')) rounds.run(registry.aggregates.values())
  if (chosen.size > 0) retention.run()
  return runtime
}
