import { HeadwaterError } from '@headwater/core/errors'

/** SQLite's extended result code (`SQLITE_BUSY_RECOVERY`) of an error that better-sqlite3 threw. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return error.code.startsWith('SQLITE_') ? error.code : undefined
}

/** Another connection holds a lock that this one needs. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === 'SQLITE_BUSY' || code?.startsWith('SQLITE_BUSY_') === true
}

const unavailable = /^SQLITE_(FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOMEM|PERM|AUTH|PROTOCOL|NOLFS|INTERRUPT)/

/** The disk or the file is at fault, not what was asked of it. */
export function isUnavailable(error: unknown): boolean {
  return unavailable.test(sqliteCode(error) ?? '')
}

/** The same error under a stable code where there is one for it. */
export function translated(error: unknown, path: string): unknown {
  if (error instanceof HeadwaterError) return error
  if (isBusy(error))
    return new HeadwaterError('log.busy', `${path} is locked by another process`, { cause: error })
  if (sqliteCode(error) === 'SQLITE_NOTADB') {
    return new HeadwaterError('log.format', `${path} is not a SQLite database`, { cause: error })
  }
  if (!isUnavailable(error)) return error
  return new HeadwaterError('log.unavailable', `${path}: ${describe(error)}`, { cause: error })
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

function describe(error: unknown): string {
  return `${asError(error).message} (${sqliteCode(error)})`
}
