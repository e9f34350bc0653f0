import {
  errorCodes,
  HeadwaterError,
  isHeadwaterError,
  type ErrorCode,
  type Issue,
  type Rejected,
} from '@headwater/core'
import { statusOf } from './statuses.ts'

/** One fault of a request: in its body (`pointer`, RFC 6901), its query or its headers. */
export type Fault =
  | { readonly pointer: string; readonly detail: string }
  | { readonly parameter: string; readonly detail: string }
  | { readonly header: string; readonly detail: string }

/** A problem document (RFC 9457). `code` is what programs branch on; `title` belongs to the code, `detail` to this case. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail?: string
  readonly errors?: readonly Fault[]
  readonly [extension: string]: unknown
}

/** A request that is wrong in a way that only HTTP knows: its query, its headers, its method. */
export class RequestError extends HeadwaterError {
  readonly faults: readonly Fault[] | undefined
  readonly headers: Readonly<Record<string, string>>
  /** Where HTTP knows a more exact status than that of the code. */
  readonly status: number

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      faults?: readonly Fault[]
      headers?: Readonly<Record<string, string>>
      status?: number
      cause?: unknown
    } = {},
  ) {
    super(code, message, 'cause' in options ? { cause: options.cause } : {})
    this.faults = options.faults
    this.headers = options.headers ?? {}
    this.status = options.status ?? statusOf(code)
  }
}

/** Whether the fault is ours, or that of others whom we asked: then what happened is for the log, not for the client. */
export function isInternal(error: HeadwaterError): boolean {
  return statusOf(error.code) === 500 || statusOf(error.code) === 502
}

/** The problem document of an error. What is internal says no more than its code and the id under which it is logged. */
export function problemOf(error: unknown, errorReference: string, requestId: string): Problem {
  if (!isHeadwaterError(error)) return internal('request.failed', errorReference, requestId)
  if (isInternal(error)) return internal(error.code, errorReference, requestId)
  const faults = error instanceof RequestError ? error.faults : error.issues?.map(faultOf)
  return {
    type: typeOf(errorReference, error.code),
    title: errorCodes[error.code].what,
    status: error instanceof RequestError ? error.status : statusOf(error.code),
    code: error.code,
    detail: error.message,
    ...(faults !== undefined && faults.length > 0 && { errors: faults }),
    ...(error.details !== undefined && { data: error.details }),
  }
}

function internal(code: ErrorCode, errorReference: string, requestId: string): Problem {
  return {
    type: typeOf(errorReference, code),
    title: errorCodes[code].what,
    status: statusOf(code),
    code,
    detail: `The server’s log says more under request ${requestId}.`,
    requestId,
  }
}

/** The problem document of a command that the domain refused: the code is the domain's own, `rejected` says so. */
export function rejectionProblem(outcome: Rejected, errorReference: string): Problem {
  const { commandId, stream, revision, position, events, reason } = outcome
  return {
    type: `${errorReference}#rejected`,
    title: 'The command was rejected.',
    status: 422,
    code: reason.code,
    ...(reason.message !== undefined && { detail: reason.message }),
    rejected: true,
    ...(reason.data !== undefined && { data: reason.data }),
    commandId,
    stream,
    revision,
    ...(events.length > 0 && { position, events }),
  }
}

function typeOf(errorReference: string, code: ErrorCode): string {
  return `${errorReference}#${code}`
}

function faultOf(issue: Issue): Fault {
  return { pointer: pointerTo(issue.path), detail: issue.message }
}

/** The JSON pointer (RFC 6901) of a path; that of the whole document is empty. */
export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
