import type { LogFeed } from '../log/feed.ts'
import { type Log, mainBranch } from '../log/port.ts'
import type { Moment } from '../message/moment.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { requireRecorded } from './recorded-moment.ts'

/** Those of some events, in the order of the log, that belong to the past as of a moment. */
export async function* eventsBy(
  at: Moment | undefined,
  events: AsyncIterable<RecordedEvent>,
): AsyncGenerator<RecordedEvent> {
  for await (const event of events) {
    if (typeof at === 'number' && event.position > at) return
    if (!(at instanceof Date) || event.occurredAt <= at) yield event
  }
}

/**
 * When a moment was: of a position when its event was recorded.
 *
 * @throws HeadwaterError `time.not-yet`
 */
export async function timeOf(at: Moment, log: Log, feed: LogFeed): Promise<Date> {
  if (at instanceof Date) return at
  await requireRecorded(at, log, feed)
  const [event] = await log.readAt({ branch: mainBranch, positions: at === 0 ? [] : [at] })
  return new Date(event?.recordedAt ?? 0)
}
