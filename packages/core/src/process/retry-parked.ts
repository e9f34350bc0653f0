import type { HeadwaterError } from '../message/errors.ts'
import type { LogFeed } from '../log/feed.ts'
import type { ParkedEvent, SequenceKey } from '../log/parking.ts'
import { mainBranch } from '../log/port.ts'
import type { ProgressCommit } from '../log/progress.ts'
import type { Store } from '../log/store.ts'
import { describeFailure, type ProcessorWork, type Retried, type ToRetry } from './work.ts'

export interface RetryParts {
  readonly store: Store
  readonly feed: LogFeed
  readonly now: () => number
  readonly processor: string
  readonly work: ProcessorWork
}

/** What has to be committed with what the work has collected, so that each event takes effect once. */
export interface RetriedParked extends Required<Pick<ProgressCommit, 'unpark' | 'park' | 'answered'>> {
  /** Sequences of which nothing is parked any more. */
  readonly emptied: readonly SequenceKey[]
  readonly newer: HeadwaterError | undefined
}

/** So many events of a sequence are read at a time: those behind them wait for the next round. */
const pageSize = 100

/** Tries the first events of parked sequences once more. */
export async function retryParked(parts: RetryParts, asked: readonly SequenceKey[]): Promise<RetriedParked> {
  const sequences = await Promise.all(asked.map((key) => readSequence(parts, key)))
  const retried = await parts.work.retry(sequences)
  const outcomes = sequences.map((sequence, index) =>
    outcomeOf(parts, sequence, retried[index] ?? { done: 0 }),
  )
  return {
    unpark: outcomes.flatMap(({ unpark }) => unpark),
    park: outcomes.flatMap(({ park }) => park),
    answered: outcomes.flatMap(({ answered }) => answered),
    emptied: outcomes.flatMap(({ emptied }) => emptied),
    newer: retried.find(({ newer }) => newer !== undefined)?.newer,
  }
}

function outcomeOf({ now }: RetryParts, sequence: ToRetry, { done, failure }: Retried) {
  const { tenant, sequence: name, events } = sequence
  const key = { tenant, sequence: name }
  const failed = events[done]?.parked
  const isEmpty = done === events.length && events.length < pageSize
  return {
    unpark: events.slice(0, done).map(({ parked: { position, edits } }) => ({ ...key, position, edits })),
    park: failed === undefined || failure === undefined ? [] : [failedAgain(failed, failure, now())],
    answered: failure !== undefined || isEmpty ? [key] : [],
    emptied: isEmpty ? [key] : [],
  }
}

function failedAgain(
  { processor, branch, tenant, sequence, position }: ParkedEvent,
  { attempts, error }: NonNullable<Retried['failure']>,
  parkedAt: number,
) {
  return { processor, branch, tenant, sequence, position, attempts, error: describeFailure(error), parkedAt }
}

async function readSequence({ store, feed, processor }: RetryParts, key: SequenceKey): Promise<ToRetry> {
  const { tenant, sequence } = key
  const query = { processor, branch: mainBranch, tenant, sequence, limit: pageSize }
  const parked = await store.parking.list(query)
  const events = await Promise.all(parked.map((one) => readParked(store, feed, one)))
  return { tenant, sequence, events }
}

/** Reads a parked event like others: an edit takes the place of what was recorded, and is brought to the current version. */
export async function readParked(
  store: Store,
  feed: LogFeed,
  parked: ParkedEvent,
): Promise<ToRetry['events'][0]> {
  const { position, edit } = parked
  const page = await store.log.read({ branch: mainBranch, tenant: undefined, after: position - 1, limit: 1 })
  const row = page.events[0]
  if (row?.position !== position) throw new Error(`Position ${position} can’t be read`)
  const original = feed.decode(row)
  const event =
    edit === undefined ? original : feed.decode({ ...row, data: edit.data, version: edit.version })
  return { parked, event, original }
}
