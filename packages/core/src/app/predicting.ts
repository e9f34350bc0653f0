import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { CommandMessage } from '../message/command.ts'
import type { Moment } from '../message/moment.ts'
import type { BranchDifference } from '../time/compare/difference.ts'
import type { Forecast, ForecastOptions } from '../time/forecast/forecast.ts'
import type { View } from '../view/view.ts'

/** How a running app looks ahead. */
export interface Predicting {
  /**
   * Continues a number in a view's documents into the future: by a stated method, or the one that did best on the past, with
   * an interval and how often such intervals held what came.
   *
   * @throws HeadwaterError `forecast.invalid`, `forecast.too-short`, `forecast.not-numeric`, `forecast.too-large`,
   *   `view.unknown`, `view.in-tables`, `event.newer-version`
   */
  forecast(view: View | string, options: ForecastOptions): Promise<Forecast>
}

/** How what would happen is tried out, on branches. */
export interface Trying<Branch> {
  /**
   * Tells what would happen if these commands were sent and time went by: on a branch that is dropped afterwards, so that
   * nothing is left of it. Nothing has an effect, as on any branch.
   *
   * @throws HeadwaterError `predict.invalid`, and what branches and commands throw: `branch.unsupported`, `time.not-yet`,
   *   `command.unknown`, `command.invalid`, `command.failed`; `details.command` is then the number of the command, from 0
   */
  predict<Seen = undefined>(hypothesis: Hypothesis<Seen, Branch>): Promise<Prediction<Seen>>
}

/** What is supposed. */
export interface Hypothesis<Seen, Branch> {
  /** The branch on which it begins. Default: main. */
  readonly from?: string
  /** Where it begins: a position, or a time up to which everything counts that had been recorded by then. Default: now. */
  readonly at?: Moment
  /** In this order; the clock is moved to the time of each that has one. */
  readonly commands?: readonly (HypotheticalCommand | RawHypotheticalCommand)[]
  /** The clock is moved on to this time when all commands were sent. */
  readonly until?: Date
  /** Looks at what has come of it: views, states, queries, whatever can be read on a branch. */
  readonly look?: (branch: Branch) => Promise<Seen>
  readonly tenant?: string
  /** Ends it before the next command is sent. */
  readonly signal?: AbortSignal
}

interface HypotheticalSending
  extends Pick<ExecuteOptions, 'id' | 'actor' | 'correlationId' | 'causationId' | 'expectedRevision'> {
  /** When it is sent: not before the one that is sent before it. Default: when that one was. */
  readonly at?: Date
}

export interface HypotheticalCommand extends HypotheticalSending {
  readonly command: CommandMessage
}

/** The same, of a command that came from outside: its data is held against the schema when it is sent. */
export interface RawHypotheticalCommand extends HypotheticalSending {
  readonly type: string
  readonly data: unknown
}

/** What would come of it. */
export interface Prediction<Seen = undefined> {
  /** What the commands came to, in their order. */
  readonly outcomes: readonly Outcome[]
  /** What differs from what it began on: events, states, documents, commands. */
  readonly diff: BranchDifference
  /** What time it was there in the end. */
  readonly now: Date
  /** What `look` saw. */
  readonly seen: Seen
}
