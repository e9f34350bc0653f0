import { buildCatalog } from '../catalog/build.ts'
import { StreamHistory } from '../amend/stream-history.ts'
import { callsOfQuery } from '../external/calls.ts'
import { Externals } from '../external/externals.ts'
import { type ExternalModes, modesOf, stricter, withStandIns } from '../external/mode.ts'
import { StoredAnswers } from '../handle/answers.ts'
import type { BackOff } from '../handle/backoff.ts'
import { CommandExecutor } from '../handle/executor.ts'
import { handlerRoute } from '../handle/handler-route.ts'
import type { Interceptor } from '../handle/interceptor.ts'
import { StreamLocks } from '../handle/locks.ts'
import { Queues } from '../handle/queues.ts'
import { Recorder, type AppendHooks } from '../handle/recorder.ts'
import { SnapshotRounds } from '../handle/snapshot-rounds.ts'
import { SnapshotKeeper } from '../handle/snapshots.ts'
import { StreamStates } from '../handle/states.ts'
import type { BranchRow } from '../log/branches.ts'
import { EventReader } from '../log/event-reader.ts'
import { LogFeed } from '../log/feed.ts'
import { GroupCommit, type GroupCommitOptions } from '../log/group-commit.ts'
import { mainBranch } from '../log/port.ts'
import { Mediator } from '../process/mediator.ts'
import { Publisher } from '../process/publisher.ts'
import { type RunnerParts, runnerParts } from '../process/runner.ts'
import { Queries } from '../query/ask.ts'
import { requireNoQuery } from '../query/reading.ts'
import type { BranchClock } from '../time/branch-clock.ts'
import { mainBase } from '../time/ancestry.ts'
import { branchStore } from '../time/branch-store.ts'
import type { ReplayOptions } from '../time/replay/report.ts'
import { StreamPast } from '../time/stream-past.ts'
import { Amender } from './amender.ts'
import { Appender } from './appender.ts'
import { AppBranches } from './branches.ts'
import { BranchCompare } from './branch-compare.ts'
import type { OnBranch } from './branch-desk.ts'
import { BranchMerge } from './branch-merge.ts'
import { BranchReplay } from './branch-replay.ts'
import { BranchViews, onlyOnMain } from './branch-views.ts'
import { ExternalsAdmin } from './externals.ts'
import { LogReader } from './log-reader.ts'
import { logSources } from './query-sources.ts'
import type { Registry } from './registry.ts'
import { Reverter } from './reverter.ts'
import { Runtime } from './runtime.ts'
import type { RuntimeParts } from './runtime-parts.ts'
import { SnapshotAdmin } from './snapshots.ts'

/** What a branch shares with main. */
export interface Shared
  extends Pick<RunnerParts, 'store' | 'feed' | 'codec' | 'owner' | 'onError' | 'leaseDuration'> {
  readonly app: RuntimeParts['app']
  readonly registry: Registry
  readonly views: RuntimeParts['views']
  readonly externals: ExternalModes | undefined
  readonly groupCommit: GroupCommitOptions | undefined
  readonly newId: () => string
  readonly backOff: BackOff
}

/**
 * Runs an app on a branch: the same decisions and folds, and nothing that has an effect. Subscriptions that belong to the
 * append's transaction take part, as they are a part of the decision; others, processors and publishers are not there, and
 * externals are answered from the journal or not at all.
 */
export async function openBranch(shared: Shared, branch: BranchRow, clock: BranchClock): Promise<OnBranch> {
  const { app, registry, codec, onError, newId } = shared
  const store = branchStore(shared.store, branch)
  const closing = new AbortController()
  const head = await store.log.head(mainBranch)
  const failed = (error: unknown): void => onError(error, {})
  const eventReader = new EventReader(codec, registry.events.values())
  const feed = new LogFeed(store.log, eventReader, head.position, failed)
  const commits = new GroupCommit(store.log, store.commands, feed.offer, shared.groupCommit)
  const parts = runnerParts({ ...shared, store, feed, clock })
  const externals = new Externals({
    externals: withStandIns(registry.externals, shared.externals),
    modeOf: (name) => stricter('replayed', modesOf(shared.externals)(name)),
    journal: store.externals,
    codec,
    clock,
    closing: closing.signal,
    keepsBlocked: true,
  })
  const context = {
    externals,
    execute: (...parameters: Parameters<Runtime['execute']>) => runtime.execute(...parameters),
    signal: closing.signal,
  }
  const deciding = registry.subscriptions.filter(({ when }) => when === 'in-transaction')
  const mediator = new Mediator(deciding, 'in-order', onError, context)
  const hooks: AppendHooks = {
    isInterested: (streams) => mediator.takesPartIn(streams),
    prepare: (request, revisionOf) => mediator.extend(request, codec, feed, revisionOf),
    viewGeneration: () => 0,
    viewsChanged: async () => undefined,
    settled: () => undefined,
    afterCommit: () => undefined,
  }
  const recorder = new Recorder(store.log, commits, feed, hooks, shared.backOff)
  const now = (): number => clock.now()
  const rulesHash = registry.ruleBook.hash
  const keeper = new SnapshotKeeper({ store, codec, epoch: head.epoch, rulesHash, now, onError: failed })
  const decode = feed.decode.bind(feed)
  const history = new StreamHistory(store.log, decode)
  const states = new StreamStates(store.log, feed, history, keeper)
  const rounds = new SnapshotRounds({ ...parts, states, keeper, onError: failed })
  const answers = new StoredAnswers(store, codec)
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
    backOff: shared.backOff,
    now,
  })
  const past = new StreamPast(store.log, feed, history)
  const reader = new LogReader(store, feed, past, codec, registry, closing.signal)
  const views = new BranchViews({
    ...parts,
    views: [...registry.views.values()],
    branch,
    base: await mainBase(shared.store, branch),
    main: { views: shared.views, store: shared.store, head: () => shared.feed.head },
    decode: eventReader,
  })
  const images: RuntimeParts['images'] = {
    reader: (image) => onlyOnMain(`The memory image ${typeof image === 'string' ? image : image.name}`),
    summaries: () => [],
    stop: async () => undefined,
  }
  const queries = new Queries({
    queries: registry.queries,
    interceptors: app.queryInterceptors,
    sources: {
      view: (name) => views.reader(name),
      image: (image, tenant) => images.reader(image, tenant),
      sql: async ({ name }) => onlyOnMain(`What is kept in the tables ${name}`),
      state: (aggregate, id, tenant, at) => runtime.state(aggregate, id, { tenant, at }),
      ...logSources(reader, past, store.log, feed),
    },
    clock,
    outside: (type, tenant, signal, asOf) => callsOfQuery(externals, type, newId, tenant, signal, asOf),
    closing: closing.signal,
  })
  const handlers = [...registry.handlers].map(
    ([type, handler]) => [type, handlerRoute(handler, undefined)] as const,
  )
  const routes = new Map([...registry.commands, ...handlers])
  const runtime: Runtime = new Runtime({
    app: { ...app, interceptors: [...app.interceptors, withoutTables(registry)] },
    catalog: buildCatalog(app.name, app.contexts, registry.rules),
    registry,
    routes,
    store,
    feed,
    commits,
    executor,
    states,
    appender: new Appender({ codec, recorder, answers, registry, now, newId }),
    amender: new Amender({ store, codec, registry, recorder, answers, history, decode, now, newId }),
    reverter: new Reverter({ store, codec, registry, recorder, past, reader, now, newId }),
    branches: new AppBranches({
      store,
      clock,
      compare: new BranchCompare({ store, codec, registry, decode, main: () => runtime }),
      merge: new BranchMerge({
        store,
        codec,
        registry,
        decode,
        feed,
        inline: { takesPartIn: () => false, fold: async () => ({ documents: [] }) },
        hooks,
        mayMerge: undefined,
        main: () => runtime,
        now,
        newId,
      }),
      open: async () => onlyOnMain('A branch of its own'),
    }),
    reader,
    past,
    views,
    queries,
    publisher: new Publisher(onError, requireNoQuery),
    subscribers: [],
    images,
    snapshots: new SnapshotAdmin({ store, registry, states, keeper, rounds }),
    externals: new ExternalsAdmin(store, externals, registry.externals),
    roles: new Set(),
    closing,
    now,
    newId,
    backOff: shared.backOff,
    onError,
  })
  const replay = new BranchReplay({
    branch: {
      name: branch.name,
      tenant: branch.tenant,
      base: branch.base.position,
      sequence: branch.base.sequence,
    },
    store,
    codec,
    feed,
    history,
    states,
    answers,
    recorder,
    hooks,
    externals,
    routes,
    rules: registry.ruleBook,
    namedRules: registry.rules,
    subscriptions: registry.subscriptions.filter(({ when }) => when !== 'in-transaction'),
    closing: closing.signal,
    now,
    views: [...registry.views.values()],
    reader: (name) => views.reader(name),
    tenant: branch.tenant,
  })
  return Object.assign(runtime, { replay: (options: ReplayOptions) => replay.run(options) })
}

/** Tables of users are main's alone: what a handler saves in them would be there for everybody. */
function withoutTables({ handlers }: Registry): Interceptor {
  return async (inFlight, next) => {
    const { type } = inFlight.command
    if (handlers.get(type)?.tables !== undefined) onlyOnMain(`The handler of ${type}, which saves tables,`)
    return next(inFlight)
  }
}
