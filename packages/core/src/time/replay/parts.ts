import type { StreamHistory } from '../../amend/stream-history.ts'
import type { Rule } from '../../decide/rule.ts'
import type { RuleBook } from '../../decide/rule-book.ts'
import type { CallSource } from '../../external/calls.ts'
import type { StoredAnswers } from '../../handle/answers.ts'
import type { CommandRoute, Handler } from '../../handle/deciding.ts'
import type { AppendHooks, Recorder } from '../../handle/recorder.ts'
import type { StreamStates } from '../../handle/states.ts'
import type { LogFeed } from '../../log/feed.ts'
import type { Store } from '../../log/store.ts'
import type { PayloadCodec } from '../../message/codec.ts'
import type { Subscription } from '../../process/subscription.ts'

/** The app on a branch, as far as its decisions are replayed. */
export interface ReplayParts {
  readonly branch: {
    readonly name: string
    readonly tenant: string
    /** The last position of its past. */
    readonly base: number
    /** Of the last command of its past. */
    readonly sequence: number
  }
  /** Of which main is the branch. */
  readonly store: Pick<Store, 'log' | 'commands' | 'snapshots'>
  readonly codec: PayloadCodec
  readonly feed: Pick<LogFeed, 'decode'>
  readonly history: StreamHistory
  readonly states: StreamStates
  readonly answers: StoredAnswers
  readonly recorder: Recorder
  readonly hooks: Pick<AppendHooks, 'isInterested' | 'prepare'>
  readonly externals: CallSource
  readonly routes: ReadonlyMap<string, CommandRoute & Handler>
  readonly rules: RuleBook
  readonly namedRules: ReadonlyMap<string, Rule>
  /** Those that are not a part of the append's transaction. */
  readonly subscriptions: readonly Subscription[]
  readonly closing: AbortSignal
  /** Epoch milliseconds. */
  readonly now: () => number
}
