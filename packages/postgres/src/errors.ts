import { type ErrorCode, errorCodes, HeadwaterError } from '@headwater/core/errors'

/** PostgreSQL's SQLSTATE or the driver's code of an error, such as `23505` or `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Two transactions waited for each other, or one saw what another changed: the whole of it can be tried again. */
export function isConflict(error: unknown): boolean {
  return /^40(?:001|P01)$/.test(codeOf(error) ?? '')
}

/**
 * The server, the way to it or the right to use it is at fault, not what was asked. Classes 08 (connection), 28
 * (authorization), 53 (resources), 57 (operator), 58 (system), XX (internal), a read-only server after a failover, a lock
 * that was not to be had in time, and what the operating system says.
 */
const unavailable = /^(?:E[A-Z_]+$|08|28|3D000|42501|53|55P03|57|58|XX|25006|25P03)/

/** What is wrong, where it is mostly one thing. */
const advices: readonly (readonly [codes: RegExp, advice: string])[] = [
  [/^(?:ECONNREFUSED|ENOENT)$/, 'No PostgreSQL answers there: is it started, and are host and port right?'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'There is no host of this name'],
  [/^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'The host does not answer: a firewall may be between'],
  [/^28P01$/, 'The password is wrong or missing: in the URL, PGPASSWORD or ~/.pgpass'],
  [/^28/, 'The server lets nobody of this name in from here: see its pg_hba.conf'],
  [/^3D000$/, 'Make the database first: createdb'],
  [
    /^42501$/,
    'This role may not do so: GRANT CREATE ON DATABASE lets it make the schemas, or make them for it',
  ],
  [/^53300$/, 'The server has no connection left: raise max_connections, or use fewer per process'],
  [/^25006$/, 'It is a standby, which can only be read: name the primary'],
]

export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  // The driver has no codes for what it finds itself: a connection that ended, a time limit.
  return code === undefined
    ? error instanceof Error && driverWords.test(error.message)
    : unavailable.test(code)
}

const driverWords = /connection|timeout|terminated|not queryable|socket/i

/** A text that is none to PostgreSQL: in a value, or in a text of JSON. */
const unstorable = /^22(?:021|P05)$/

/** The same error under a stable code where there is one for it. Messages of the driver name hosts and users, never passwords. */
export function translated(error: unknown, name: string): unknown {
  if (error instanceof HeadwaterError) return error
  const raised = raisedByUs(error)
  if (raised !== undefined) return raised
  if (unstorable.test(codeOf(error) ?? ''))
    return new HeadwaterError('log.invalid-text', `${name} can’t be asked for a character U+0000`, {
      cause: error,
    })
  if (!isUnavailable(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  const code = codeOf(error)
  const advice = advices.find(([codes]) => codes.test(code ?? ''))?.[1]
  const told = `${name}: ${text === '' ? 'no connection' : text} (${code ?? 'no code'})`
  return new HeadwaterError('log.unavailable', advice === undefined ? told : `${told}. ${advice}`, {
    cause: error,
  })
}

/** Our own functions raise `HW000`, with the stable code as the hint. */
function raisedByUs(error: unknown): HeadwaterError | undefined {
  if (codeOf(error) !== 'HW000' || !(error instanceof Error) || !('hint' in error)) return undefined
  const { hint } = error
  return isErrorCode(hint) ? new HeadwaterError(hint, error.message, { cause: error }) : undefined
}

function isErrorCode(hint: unknown): hint is ErrorCode {
  return typeof hint === 'string' && Object.hasOwn(errorCodes, hint)
}
