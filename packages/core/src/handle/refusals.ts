import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { AnyCommandType, CommandMessage } from '../message/command.ts'

/** Why an actor may not send a command; undefined: it may. */
export function forbidden(
  command: Pick<AnyCommandType, 'authorize'>,
  { type, data }: CommandMessage,
  actor: string | null,
): HeadwaterError | undefined {
  const permission = command.authorize(actor, data)
  if (permission === true) return undefined
  const why =
    typeof permission === 'string' ? permission : `${actor ?? 'An anonymous actor'} may not send ${type}`
  return new HeadwaterError('command.forbidden', why)
}

/** What a decision that threw is answered with. */
export function decisionFailed(type: string, stream: string, cause: unknown): HeadwaterError {
  // An event with invalid data says what is wrong itself.
  if (isHeadwaterError(cause)) return cause
  return new HeadwaterError('command.failed', `Deciding ${type} on ${stream} threw: ${String(cause)}`, {
    cause,
  })
}
