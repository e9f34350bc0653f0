import type { LogFeed } from '../log/feed.ts'
import { type Log, mainBranch } from '../log/port.ts'
import type { Sources } from '../query/sources.ts'
import { eventsBy, timeOf } from '../time/past-events.ts'
import type { StreamPast } from '../time/stream-past.ts'
import type { LogReader } from './log-reader.ts'

/** What queries read of a log, as it is and as it was. */
export function logSources(
  reader: LogReader,
  past: StreamPast,
  log: Log,
  feed: LogFeed,
): Pick<Sources, 'stream' | 'events' | 'head' | 'time'> {
  return {
    stream: (stream, { at, ...given }) =>
      at === undefined
        ? reader.stream(stream, given)
        : past.events({ tenant: given.tenant, stream, at }, given.after),
    events: ({ at, ...given }) => eventsBy(at, reader.events(given)),
    head: async () => (await log.head(mainBranch)).position,
    time: (at) => timeOf(at, log, feed),
  }
}
