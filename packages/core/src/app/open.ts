import { buildCatalog } from '../catalog/build.ts'
import { CommandExecutor } from '../handle/executor.ts'
import { StoredAnswers } from '../handle/answers.ts'
import { StreamLocks } from '../handle/locks.ts'
import { Queues } from '../handle/queues.ts'
import { Recorder, type AppendHooks } from '../handle/recorder.ts'
import { StreamStates } from '../handle/states.ts'
import { LogFeed } from '../log/feed.ts'
import { GroupCommit, type GroupCommitOptions } from '../log/group-commit.ts'
import { mainBranch } from '../log/port.ts'
import { leaseOwner } from '../log/owner.ts'
import type { Store } from '../log/store.ts'
import { jsonCodec, type PayloadCodec } from '../message/codec.ts'
import { Mediator, type Delivery, type ErrorHook } from '../process/mediator.ts'
import { ProcessorRunner, type RunnerParts } from '../process/runner.ts'
import { SubscriptionWork } from '../process/subscription-work.ts'
import { InlineViews } from '../view/inline.ts'
import { ViewWork } from '../view/view-work.ts'
import { Appender } from './appender.ts'
import type { App } from './definition.ts'
import type { Headwater } from './headwater.ts'
import { LogReader } from './log-reader.ts'
import { register } from './registry.ts'
import { Runtime } from './runtime.ts'
import { collectionOf, Views } from './views.ts'

export interface OpenOptions {
  /** Whether this process runs the app's views and subscriptions. Default true. */
  readonly processors?: boolean
  /** Gets the failures of what nobody waits for: subscriptions, processors, dispatched commands. Default: standard error. */
  readonly onError?: ErrorHook
  /** Whether the after-commit subscriptions to one event run side by side. Default `parallel`. */
  readonly delivery?: Delivery
  /** How payloads are stored. Default JSON. */
  readonly codec?: PayloadCodec
  readonly groupCommit?: GroupCommitOptions
  /** Milliseconds for which a process that died keeps its processors from others. Default 10,000. */
  readonly leaseDuration?: number
  /** Epoch milliseconds. Default: the machine's clock. */
  readonly now?: () => number
  /** Names this process among those that share the store. */
  readonly owner?: string
}

const printError: ErrorHook = (error, source) => {
  const where = source.processor ?? source.subscription ?? 'headwater'
  console.error(`[${where}]${source.eventId === undefined ? '' : ` event ${source.eventId}:`}`, error)
}

/**
 * Runs an app on a store, which it closes in the end.
 *
 * @throws HeadwaterError `app.invalid`, `log.format`
 */
export async function openStore(app: App, store: Store, options: OpenOptions = {}): Promise<Headwater> {
  const registry = register(app)
  const codec = options.codec ?? jsonCodec
  const onError = options.onError ?? printError
  const closing = new AbortController()
  const head = await store.log.head(mainBranch)
  const feed = new LogFeed(store.log, codec, head.position, (error) => onError(error, {}))
  const commits = new GroupCommit(store.log, store.commands, feed.offer, options.groupCommit)

  const defined = [...registry.views.values()]
  for (const view of defined)
    if (view.lifecycle !== 'live') await store.documents.define(collectionOf(view), view.indexes)
  const inline = new InlineViews(
    defined
      .filter(({ lifecycle }) => lifecycle === 'inline')
      .map((view) => ({ view, collection: collectionOf(view) })),
    store.documents,
    codec,
    feed,
  )

  const context = {
    execute: (...parameters: Parameters<Headwater['execute']>) => runtime.execute(...parameters),
    signal: closing.signal,
  }
  const mediator = new Mediator(registry.subscriptions, options.delivery ?? 'parallel', onError, context)
  const hooks: AppendHooks = {
    isInterested: (streams) => mediator.takesPartIn(streams) || inline.takesPartIn(streams),
    prepare: async (request, revisionOf) => {
      const extended = await mediator.extend(request, codec, feed, revisionOf)
      return { ...extended, documents: await inline.fold(extended) }
    },
    settled: (documents, isRecorded) => inline.settled(documents, isRecorded),
    afterCommit: (events) => mediator.afterCommit(events),
  }
  const recorder = new Recorder(store.log, commits, feed, hooks)
  const states = new StreamStates(store.log, feed)
  const answers = new StoredAnswers(store, codec)
  const now = options.now ?? Date.now
  const executor = new CommandExecutor({
    codec,
    feed,
    states,
    recorder,
    answers,
    queues: new Queues(),
    locks: new StreamLocks(store.leases),
    now,
  })

  const parts: RunnerParts = {
    store,
    feed,
    owner: options.owner ?? leaseOwner(),
    onError,
    leaseDuration: options.leaseDuration ?? 10_000,
  }
  const processors = [
    ...defined
      .filter(({ lifecycle }) => lifecycle === 'async')
      .map(
        (view) =>
          new ProcessorRunner(
            new ViewWork(view, collectionOf(view), store.documents, codec, onError),
            'beginning',
            parts,
          ),
      ),
    ...registry.subscriptions
      .filter(({ when }) => when === 'async')
      .map(
        (subscription) =>
          new ProcessorRunner(
            new SubscriptionWork(subscription, context, onError),
            subscription.start,
            parts,
          ),
      ),
  ]
  const runtime: Runtime = new Runtime({
    app,
    catalog: buildCatalog(app.name, app.contexts),
    registry,
    store,
    feed,
    commits,
    executor,
    states,
    appender: new Appender({ codec, recorder, answers, registry, now }),
    reader: new LogReader(store, feed, codec, registry, closing.signal),
    views: new Views(defined, processors, store, codec, feed, onError),
    processors,
    closing,
    onError,
  })
  if (options.processors !== false) for (const processor of processors) processor.run()
  return runtime
}
