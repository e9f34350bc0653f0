import type { ErrorCode } from '@headwater/core'

/** The HTTP status of errors that are no failure of the server: the only place that knows. */
const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  'command.conflict': 409,
  'command.forbidden': 403,
  'command.id-reused': 422,
  'command.invalid': 400,
  'command.revision-mismatch': 412,
  'command.unknown': 404,
  // Another process, with the newer code, can answer.
  'event.newer-version': 503,
  'event.not-found': 404,
  'gateway.not-ready': 503,
  'gateway.overloaded': 503,
  'gateway.stopping': 503,
  'lock.timeout': 503,
  'log.busy': 503,
  'log.closed': 503,
  'log.condition-failed': 409,
  'log.conflict': 409,
  'log.diverged': 409,
  'log.document-conflict': 409,
  // The same command id gives one effect, whatever became of the first try.
  'log.outcome-unknown': 503,
  'log.overloaded': 503,
  'processor.fenced': 503,
  'processor.unknown': 404,
  'request.malformed': 400,
  'request.method-not-allowed': 405,
  'request.not-found': 404,
  'request.too-deep': 400,
  'request.too-large': 413,
  'request.unsupported': 400,
  'request.unsupported-media-type': 415,
  'request.wrong-host': 421,
  'stream.invalid-name': 400,
  'stream.not-found': 404,
  'view.invalid-query': 400,
  'view.not-found': 404,
  'view.unknown': 404,
  'view.wait-timeout': 504,
}

/** The HTTP status of an error; 500 for what a client can neither cause nor mend. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500
}
