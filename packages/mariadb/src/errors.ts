import { HeadwaterError } from '@headwater/core/errors'

/** MariaDB's or the driver's code of an error, such as `ER_NO_SUCH_TABLE` or `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** What this process knew of a collection is not so any more. */
export class OutdatedCollection extends Error {}

/** Not the statement is at fault, but the server, the way to it, or the right to use it. */
const unavailable =
  /^(?:E[A-Z]+$|PROTOCOL_|POOL_|HANDSHAKE_|ER_(?:ACCESS_DENIED|BAD_DB|CON_COUNT|DBACCESS_DENIED|DISK_FULL|HOST_|LOCK_WAIT|OPTION_PREVENTS|RECORD_FILE_FULL|SERVER_SHUTDOWN|TOO_MANY_USER|UNKNOWN_COM))/

/** The same error under a stable code. Messages of the driver name hosts and users, never passwords. */
export function translated(error: unknown, name: string): unknown {
  if (error instanceof HeadwaterError || error instanceof OutdatedCollection) return error
  const code = codeOf(error)
  const text = error instanceof Error ? error.message : String(error)
  const isUnavailable = code === undefined || unavailable.test(code)
  return new HeadwaterError(
    isUnavailable ? 'view.store-unavailable' : 'view.store-refused',
    `${name}: ${text || code} (${code ?? 'no code'})`,
    { cause: error },
  )
}
