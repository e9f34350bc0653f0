import type { CommandMessage } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'
import type { Aggregate, Decision } from './aggregate.ts'
import type { Rejection } from './reject.ts'

/** Whether what a decision gave is a rejection. */
export function isRejection(answer: unknown): answer is Rejection {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'rejection'
}

/** What is recorded, whether the command was accepted or rejected. */
export function eventsOf(decision: Decision): readonly NewEvent[] {
  if (decision === undefined) return []
  if (isRejection(decision)) return decision.events
  return Array.isArray(decision) ? decision : [decision as NewEvent]
}

/**
 * The id of the aggregate that a command is for.
 *
 * @throws HeadwaterError `command.invalid`
 */
export function aggregateIdIn({ idField }: Pick<Aggregate, 'idField'>, message: CommandMessage): string {
  const id = (message.data as Readonly<Record<string, unknown>>)[idField]
  if (typeof id === 'string' && id !== '') return id
  throw new HeadwaterError(
    'command.invalid',
    `Command ${message.type} is invalid: ${idField}: must be a non-empty string`,
    {
      issues: [{ path: [idField], message: 'must be a non-empty string' }],
    },
  )
}
