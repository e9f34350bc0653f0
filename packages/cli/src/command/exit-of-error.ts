import { HeadwaterProblem } from '@headwater/client'
import { type ErrorCode, isHeadwaterError } from '@headwater/core'
import { CliError } from './cli-error.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'

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
