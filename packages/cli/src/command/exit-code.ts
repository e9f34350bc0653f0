import { type ErrorCode, isHeadwaterError } from '@headwater/core'
import { HeadwaterProblem } from '@headwater/client'
import { CliError } from './cli-error.ts'

/** What the process tells the shell. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  conflict: 4,
  notFound: 5,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** For the help: code and meaning. */
export const exitCodeMeanings: readonly (readonly [number, string])[] = [
  [exitCodes.ok, 'done'],
  [exitCodes.failed, 'failed: the reason is on stderr'],
  [exitCodes.usage, 'the command line is wrong; nothing was done'],
  [exitCodes.refused, 'the app refused it: a rejected command, invalid data, refused lines of an import'],
  [exitCodes.conflict, 'the stream is not at the expected revision'],
  [exitCodes.notFound, 'there is no such stream, view, document or file'],
  [exitCodes.interrupted, 'interrupted'],
]

const byErrorCode: Partial<Record<ErrorCode, ExitCode>> = {
  'command.conflict': exitCodes.conflict,
  'command.forbidden': exitCodes.refused,
  'command.id-reused': exitCodes.refused,
  'command.invalid': exitCodes.refused,
  'command.revision-mismatch': exitCodes.conflict,
  'command.unknown': exitCodes.notFound,
  'event.invalid': exitCodes.refused,
  'event.not-found': exitCodes.notFound,
  'event.unknown': exitCodes.notFound,
  'log.condition-failed': exitCodes.conflict,
  'log.conflict': exitCodes.conflict,
  'stream.invalid-name': exitCodes.refused,
  'stream.not-found': exitCodes.notFound,
  'subscription.vetoed': exitCodes.refused,
  'view.invalid-query': exitCodes.usage,
  'view.not-found': exitCodes.notFound,
  'view.unknown': exitCodes.notFound,
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return exitCodes[error.exit]
  if (isHeadwaterError(error)) return byErrorCode[error.code] ?? exitCodes.failed
  if (error instanceof HeadwaterProblem) return exitCodeOfStatus(error.status)
  return exitCodes.failed
}

function exitCodeOfStatus(status: number): ExitCode {
  if (status === 404) return exitCodes.notFound
  if (status === 409 || status === 412) return exitCodes.conflict
  return status >= 400 && status < 500 ? exitCodes.refused : exitCodes.failed
}
