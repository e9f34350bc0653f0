import { HeadwaterProblem } from '@headwater/client'
import { type ErrorCode, isHeadwaterError } from '@headwater/core'
import { CliError } from './cli-error.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'

const byErrorCode: Partial<Record<ErrorCode, ExitCode>> = {
  'archive.invalid': exitCodes.refused,
  'archive.mismatch': exitCodes.refused,
  'aggregate.unknown': exitCodes.notFound,
  'amendment.invalid': exitCodes.refused,
  'amendment.unfoldable': exitCodes.refused,
  'branch.has-branches': exitCodes.conflict,
  'branch.invalid': exitCodes.refused,
  'branch.main-only': exitCodes.refused,
  'branch.taken': exitCodes.conflict,
  'branch.unknown': exitCodes.notFound,
  'command.conflict': exitCodes.conflict,
  'command.forbidden': exitCodes.refused,
  'command.id-reused': exitCodes.refused,
  'command.invalid': exitCodes.refused,
  'command.revision-mismatch': exitCodes.conflict,
  'command.unknown': exitCodes.notFound,
  'event.invalid': exitCodes.refused,
  'event.newer-version': exitCodes.refused,
  'event.not-found': exitCodes.notFound,
  'event.unknown': exitCodes.notFound,
  'event.upcast-failed': exitCodes.refused,
  'external.blocked': exitCodes.refused,
  'external.call-unknown': exitCodes.notFound,
  'external.unknown': exitCodes.notFound,
  'forecast.invalid': exitCodes.usage,
  'forecast.not-numeric': exitCodes.refused,
  'forecast.too-large': exitCodes.refused,
  'forecast.too-short': exitCodes.refused,
  'log.condition-failed': exitCodes.conflict,
  'debug.invalid': exitCodes.usage,
  'log.conflict': exitCodes.conflict,
  'log.invalid-text': exitCodes.refused,
  'merge.conflict': exitCodes.conflict,
  'merge.moved': exitCodes.conflict,
  'merge.refused': exitCodes.refused,
  'merge.too-large': exitCodes.refused,
  'merge.unknown-step': exitCodes.notFound,
  'predict.invalid': exitCodes.refused,
  'replay.invalid': exitCodes.refused,
  'replay.moved': exitCodes.conflict,
  'replay.underway': exitCodes.conflict,
  'image.unknown': exitCodes.notFound,
  'processor.job-unknown': exitCodes.notFound,
  'processor.unknown': exitCodes.notFound,
  'query.forbidden': exitCodes.refused,
  'query.invalid': exitCodes.refused,
  'query.not-found': exitCodes.notFound,
  'query.unknown': exitCodes.notFound,
  'migration.failed': exitCodes.refused,
  'migration.mismatch': exitCodes.refused,
  'revert.lacking': exitCodes.refused,
  'revert.moved': exitCodes.conflict,
  'revert.too-many': exitCodes.refused,
  'segment.detached': exitCodes.refused,
  'segment.invalid-file': exitCodes.refused,
  'segment.needed': exitCodes.refused,
  'segment.unknown': exitCodes.notFound,
  'segment.unsupported': exitCodes.refused,
  'rule.unknown': exitCodes.notFound,
  'stream.invalid-name': exitCodes.refused,
  'stream.not-found': exitCodes.notFound,
  'subscription.vetoed': exitCodes.refused,
  'tenant.invalid-name': exitCodes.usage,
  'time.no-past': exitCodes.refused,
  'time.not-yet': exitCodes.notFound,
  'time.too-large': exitCodes.refused,
  'view.invalid-query': exitCodes.usage,
  'view.no-rebuild': exitCodes.notFound,
  'view.not-found': exitCodes.notFound,
  'view.not-stored': exitCodes.refused,
  'view.other-tenants': exitCodes.refused,
  'view.rebuild-running': exitCodes.conflict,
  'view.superseded': exitCodes.refused,
  'view.unknown': exitCodes.notFound,
  'view.version-current': exitCodes.refused,
  'view.version-unknown': exitCodes.notFound,
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
