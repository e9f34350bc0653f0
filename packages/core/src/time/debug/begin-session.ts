import type { LogFeed } from '../../log/feed.ts'
import { type Log, mainBranch } from '../../log/port.ts'
import { HeadwaterError } from '../../message/errors.ts'
import { checkStreamName } from '../../message/stream.ts'
import { tenantNamed } from '../../message/tenant.ts'
import { type DebugSession, WalkingSession } from './debug-session.ts'
import { StepReader, type StepParts } from './step-reader.ts'
import { ListWalk, LogWalk, StreamsWalk, type Walk } from './walk.ts'

/** Which part of the log a session goes through; default: all of it. */
export interface DebugOptions {
  /** Only these streams, at most 100. */
  readonly streams?: readonly string[]
  /** Only events of these types. */
  readonly types?: readonly string[]
  /** Only what belongs together, by the id of an event, a command or a correlation. Not with `streams`. */
  readonly correlation?: string
  /** The position at which it begins; default 0, before the first event. */
  readonly from?: number
  readonly tenant?: string
}

export interface SessionsParts extends Omit<StepParts, 'eventAt'> {
  readonly log: Log
  readonly feed: LogFeed
  /** The events of a correlation in the order of the log; undefined: nothing has this id. */
  readonly trace: (
    id: string,
    tenant: string,
  ) => Promise<readonly { readonly position: number; readonly type: string }[] | undefined>
}

const mostStreams = 100

/** @throws HeadwaterError `event.not-found` for a correlation of which nothing is known, `stream.invalid-name`, `time.not-yet` */
export async function beginSession(parts: SessionsParts, options: DebugOptions = {}): Promise<DebugSession> {
  const { log, feed } = parts
  const { from = 0 } = options
  const { position: head } = await log.head(mainBranch)
  if (from > head) {
    throw new HeadwaterError('time.not-yet', `The log ends at position ${head}, before ${from}`, {
      details: { head, at: from },
    })
  }
  const eventAt: StepParts['eventAt'] = async (position) => {
    const [row] = position < 1 ? [] : await log.readAt({ branch: mainBranch, positions: [position] })
    return row && feed.decode(row)
  }
  const steps = new StepReader({ ...parts, eventAt })
  return new WalkingSession({ log, feed, walk: await walkOf(parts, options), steps, from })
}

async function walkOf({ log, trace }: SessionsParts, options: DebugOptions): Promise<Walk> {
  const { streams, types, correlation } = options
  const tenant = tenantNamed(options.tenant)
  if (streams !== undefined && correlation !== undefined)
    throw new HeadwaterError(
      'debug.invalid',
      'A session goes through streams or through a correlation, not both',
    )
  if (correlation !== undefined) {
    const found = await trace(correlation, tenant)
    if (found === undefined)
      throw new HeadwaterError('event.not-found', `Nothing has the id ${JSON.stringify(correlation)}`)
    return new ListWalk(
      log,
      found.filter(({ type }) => types === undefined || types.includes(type)),
    )
  }
  if (streams === undefined) return new LogWalk(log, tenant, types)
  if (streams.length > mostStreams || streams.length === 0)
    throw new HeadwaterError('debug.invalid', `A session goes through 1 to ${mostStreams} streams`)
  return new StreamsWalk(log, tenant, streams.map(checkStreamName), types)
}
