import { HeadwaterError } from '../message/errors.ts'
import { eventId } from '../message/identity.ts'
import { mainBranch, type Log, type LogHead } from '../log/port.ts'
import { isOfHistory, type Checkpoint } from '../log/checkpoint.ts'
import type { Start } from './subscription.ts'

/** The position after which a new processor begins. */
export async function beginAt(log: Log, start: Start, head: LogHead): Promise<number> {
  if (start === 'beginning') return 0
  if (start === 'end') return head.position
  const first = 'time' in start ? await log.positionAt(mainBranch, start.time.getTime()) : start.position
  return Math.max(0, first - 1)
}

/** What a processor keeps that has processed everything up to a position. */
export async function checkpointAt(log: Log, position: number, { epoch }: LogHead): Promise<Checkpoint> {
  return { epoch, position, eventId: position === 0 ? null : ((await eventIdAt(log, position)) ?? null) }
}

async function eventIdAt(log: Log, position: number): Promise<string | undefined> {
  const { events } = await log.read({ branch: mainBranch, tenant: undefined, after: position - 1, limit: 1 })
  const [event] = events
  return event?.position === position ? eventId(event.commandId, event.ordinal) : undefined
}

/**
 * A reader that went along a history which the log no longer has must stop, not skip.
 *
 * @throws HeadwaterError `log.diverged`
 */
export async function requireSameHistory(
  log: Log,
  processor: string,
  checkpoint: Checkpoint,
  head: LogHead,
): Promise<void> {
  const { position } = checkpoint
  // One without an event stands where the log has not come yet, as it was asked to.
  const isReached = position <= head.position || checkpoint.eventId === null
  const isSame = isOfHistory(checkpoint, head) && isReached && (await holdsEvent(log, checkpoint))
  if (isSame) return
  throw new HeadwaterError(
    'log.diverged',
    `${processor} stands at position ${position} of a history that this log does not have`,
    {
      details: { processor, checkpoint, head: { epoch: head.epoch, position: head.position } },
    },
  )
}

async function holdsEvent(log: Log, { position, eventId: id }: Checkpoint): Promise<boolean> {
  return position === 0 || id === null || (await eventIdAt(log, position)) === id
}
