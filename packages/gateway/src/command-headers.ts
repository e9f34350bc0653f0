import type { IncomingMessage } from 'node:http'
import { type Fault, RequestError } from './problems.ts'

const longest = 200
const printable = /^[!-~]([ -~]*[!-~])?$/
const revisionTag = /^"(\d{1,15})"$/
const traceParent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/

/** What the headers of a command say. */
export interface CommandHeaders {
  readonly id: string | undefined
  readonly expectedRevision: number | undefined
  readonly correlationId: string | undefined
}

/**
 * Reads `Idempotency-Key` (the command's id), `If-Match` (the revision that it shall be decided on), and what it belongs
 * to: `correlation-id`, else the trace of `traceparent` (W3C Trace Context), else the command itself.
 *
 * @throws RequestError `request.malformed`
 */
export function readCommandHeaders(request: IncomingMessage): CommandHeaders {
  const { headers } = request
  const key = headers['idempotency-key']
  const correlation = headers['correlation-id']
  const match = headers['if-match']
  const parent = headers['traceparent']
  return {
    id:
      key === undefined
        ? undefined
        : readId('Idempotency-Key', unquote(single(request, 'Idempotency-Key', key))),
    expectedRevision: match === undefined ? undefined : readRevision(match),
    correlationId:
      correlation !== undefined
        ? readId('correlation-id', single(request, 'correlation-id', correlation))
        : parent !== undefined
          ? traceIdOf(String(parent))
          : undefined,
  }
}

/** Node joins what is sent twice by commas: which of the two would be meant? */
function single(request: IncomingMessage, header: string, value: string | string[]): string {
  if (typeof value === 'string' && !value.includes(',')) return value
  const values = request.headersDistinct[header.toLowerCase()] ?? []
  if (values.length === 1) return String(value)
  throw malformed({ header, detail: 'It is given more than once' })
}

/** The draft of the Idempotency-Key header writes it as a quoted string, most of the world writes it plainly. */
function unquote(value: string): string {
  return value.length > 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

function readId(header: string, value: string): string {
  if (value.length <= longest && printable.test(value)) return value
  throw malformed({
    header,
    detail: `It is not 1 to ${longest} printable ASCII characters, without spaces around them`,
  })
}

function readRevision(value: string): number {
  const digits = revisionTag.exec(value)?.[1]
  if (digits !== undefined) return Number(digits)
  throw malformed({ header: 'If-Match', detail: 'It is not one revision in quotes, such as "3"' })
}

/** An invalid traceparent is ignored, as W3C Trace Context has it. */
function traceIdOf(value: string): string | undefined {
  const id = value.startsWith('ff') ? undefined : traceParent.exec(value)?.[1]
  return id === undefined || /^0+$/.test(id) ? undefined : id
}

function malformed(fault: Fault & { readonly header: string }): RequestError {
  return new RequestError('request.malformed', `${fault.header}: ${fault.detail}`, { faults: [fault] })
}
