import type { LogFeed } from '../log/feed.ts'
import { type Log, mainBranch } from '../log/port.ts'
import { HeadwaterError } from '../message/errors.ts'
import { describeMoment, type Moment } from '../message/moment.ts'

/**
 * What was answered as of a position stays true for ever, so there is no answer before the position is recorded.
 *
 * @throws HeadwaterError `time.not-yet`
 */
export async function requireRecorded(at: Moment | undefined, log: Log, feed: LogFeed): Promise<void> {
  if (typeof at !== 'number' || at <= feed.head) return
  const { position } = await log.head(mainBranch)
  if (at <= position) return
  throw new HeadwaterError(
    'time.not-yet',
    `The log ends at position ${position}, before ${describeMoment(at)}`,
    {
      details: { head: position, at },
    },
  )
}
