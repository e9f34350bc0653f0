import { codeHash } from '../message/code-hash.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import { stepsOf } from '../message/upcast.ts'
import type { FoldOrder } from './fold-order.ts'
import { instantOf, isTimeZone } from './rule-dates.ts'

export type { FoldOrder } from './fold-order.ts'

/**
 * When the states of an aggregate's streams are kept, so that a long stream needn't be folded from its first event. A
 * snapshot saves time and nothing depends on it: it is ignored when the code that made it has changed.
 */
export interface SnapshotPolicy<State = unknown> {
  /** After so many events of a stream. */
  readonly every?: number
  /** Every day at this time, `03:00`: of all streams that have moved since. */
  readonly at?: string
  /** The IANA name of the zone in which `at` is meant. Default: `UTC`. */
  readonly timeZone?: string
  /**
   * To be raised when something changes that `evolve` calls: that its own text changes is noticed. Default 1.
   */
  readonly version?: number
  /**
   * Makes JSON of a state that is none, such as one with dates, maps or sets. Needs `read`.
   */
  write?(state: State): unknown
  /** The inverse of `write`. */
  read?(written: unknown): State
}

/** What an aggregate's policy comes to. */
export interface SnapshotPlan {
  readonly every: number | undefined
  readonly at: string | undefined
  readonly timeZone: string
  /** Of all the code that a state comes from, as far as it can be seen: another one for other code. */
  readonly hash: string
  /** In which order the states are folded. */
  readonly order: FoldOrder
  write(state: unknown): unknown
  read(written: unknown): unknown
}

/**
 * @param code what the states are folded by: functions, and what they are made of
 * @throws HeadwaterError `app.invalid`
 */
export function snapshotPlan(
  aggregate: string,
  policy: SnapshotPolicy,
  events: readonly AnyEventType[],
  code: unknown,
  order: FoldOrder = 'recorded',
): SnapshotPlan {
  const { every, at, timeZone = 'UTC', version = 1, write, read } = policy
  const refuse = (message: string): never => {
    throw new HeadwaterError('app.invalid', `The snapshots of aggregate ${aggregate}: ${message}`)
  }
  if (every !== undefined && !(Number.isSafeInteger(every) && every >= 1))
    refuse(`every ${every} events is no number of events`)
  if (at !== undefined && (at.length !== 5 || instantOf(`2000-01-01T${at}`, 'UTC') === undefined))
    refuse(`${JSON.stringify(at)} is no time of day, such as 03:00`)
  if (!isTimeZone(timeZone)) refuse(`there is no time zone ${timeZone}`)
  if ((write === undefined) !== (read === undefined)) refuse('write and read need each other')
  const types = events.map((type) => [type.type, type.version, stepsOf(type.upcast)])
  return {
    every,
    at,
    timeZone,
    // What was made before there were orders stays what it is.
    hash: codeHash(aggregate, version, code, types, write, read, ...(order === 'recorded' ? [] : [order])),
    order,
    write: (state) => (write === undefined ? state : policy.write?.(state)),
    read: (written) => (read === undefined ? written : policy.read?.(written)),
  }
}
