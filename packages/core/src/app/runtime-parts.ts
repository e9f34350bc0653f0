import type { Catalog } from '../catalog/catalog.ts'
import type { BackOff } from '../handle/backoff.ts'
import type { CommandRoute, Handler } from '../handle/deciding.ts'
import type { CommandExecutor } from '../handle/executor.ts'
import type { StreamStates } from '../handle/states.ts'
import type { LogFeed } from '../log/feed.ts'
import type { GroupCommit } from '../log/group-commit.ts'
import type { Store } from '../log/store.ts'
import type { ErrorHook } from '../process/mediator.ts'
import type { Publisher } from '../process/publisher.ts'
import type { ProcessorRunner } from '../process/runner.ts'
import type { Queries } from '../query/ask.ts'
import type { StreamPast } from '../time/stream-past.ts'
import type { Amender } from './amender.ts'
import type { Appender } from './appender.ts'
import type { AppBranches } from './branches.ts'
import type { App } from './definition.ts'
import type { ExternalsHandle } from './externals.ts'
import type { Images } from './images.ts'
import type { LogReader } from './log-reader.ts'
import type { Registry } from './registry.ts'
import type { Role } from './roles.ts'
import type { Reverter } from './reverter.ts'
import type { SnapshotAdmin } from './snapshots.ts'
import type { Views } from './views.ts'

/** What a running app consists of. */
export interface RuntimeParts {
  readonly app: App
  readonly catalog: Catalog
  readonly registry: Registry
  /** Of all commands, those of aggregates and those of handlers. */
  readonly routes: ReadonlyMap<string, CommandRoute & Handler>
  readonly store: Store
  readonly feed: LogFeed
  readonly commits: GroupCommit
  readonly executor: CommandExecutor
  readonly states: StreamStates
  readonly appender: Appender
  readonly amender: Amender
  readonly reverter: Reverter
  readonly branches: AppBranches
  readonly reader: LogReader
  readonly past: StreamPast
  readonly views: Pick<Views, keyof Views>
  readonly queries: Queries
  readonly publisher: Publisher
  /** The processors of asynchronous subscriptions. */
  readonly subscribers: readonly ProcessorRunner[]
  readonly snapshots: SnapshotAdmin
  readonly externals: ExternalsHandle
  readonly images: Pick<Images, 'reader' | 'summaries' | 'stop'>
  readonly roles: ReadonlySet<Role>
  readonly closing: AbortController
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly newId: () => string
  readonly backOff: BackOff
  readonly onError: ErrorHook
}
