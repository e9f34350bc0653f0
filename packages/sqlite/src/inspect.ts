import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { mainBranch } from '@headwater/core'
import { connectReader, type Database, loadDriver } from './database.ts'
import { translated } from './errors.ts'
import { applicationId } from './schema.ts'

/** What a look into a database file found; nothing in it is changed. */
export interface SqliteInspection {
  readonly path: string
  readonly sqliteVersion: string
  /** Of the file, and of the changes that are not in it yet. */
  readonly bytes: number
  readonly walBytes: number
  readonly journalMode: string
  readonly pageSize: number
  readonly format: number
  readonly epoch: string
  readonly events: number
  /** The last position; dense positions mean that it is the number of events. */
  readonly position: number
  readonly isDense: boolean
  /** Streams whose revisions are not 1, 2, 3, … */
  readonly brokenStreams: number
  readonly commands: number
  /** `ok`, or what SQLite's own check found first; undefined: it was not asked for. */
  readonly integrity: string | undefined
}

/**
 * Looks into a database for whoever has to know how it is doing.
 *
 * @param options.integrity whether to have SQLite check every page, which reads the whole file
 * @throws HeadwaterError `runtime.unsupported`, `log.format`, `log.unavailable`; undefined where it is not one of ours
 */
export async function inspectSqlite(
  path: string,
  options: { readonly integrity?: boolean } = {},
): Promise<SqliteInspection | undefined> {
  const driver = await loadDriver()
  const file = resolve(path)
  try {
    const database = connectReader(driver, file)
    try {
      if (pragma(database, 'application_id') !== applicationId) return undefined
      return inspect(database, file, options.integrity ?? false)
    } finally {
      database.close()
    }
  } catch (error) {
    throw translated(error, file)
  }
}

function inspect(database: Database, path: string, integrity: boolean): SqliteInspection {
  const one = (sql: string, ...parameters: unknown[]) => database.prepare(sql).pluck().get(parameters)
  const events = Number(one('SELECT count(*) FROM events WHERE branch = ?', mainBranch))
  const first = Number(one('SELECT coalesce(min(position), 1) FROM events WHERE branch = ?', mainBranch))
  const position = Number(one('SELECT coalesce(max(position), 0) FROM events WHERE branch = ?', mainBranch))
  const brokenStreams = one(
    `SELECT count(*) FROM (SELECT 1 FROM events WHERE branch = ? GROUP BY tenant, stream
       HAVING min(revision) <> 1 OR max(revision) <> count(*))`,
    mainBranch,
  )
  return {
    path,
    sqliteVersion: String(one('SELECT sqlite_version()')),
    bytes: statSync(path).size,
    walBytes: existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0,
    journalMode: String(pragma(database, 'journal_mode')),
    pageSize: Number(pragma(database, 'page_size')),
    format: Number(pragma(database, 'user_version')),
    epoch: String(one('SELECT epoch FROM log')),
    events,
    position,
    isDense: first === 1 && position === events,
    brokenStreams: Number(brokenStreams),
    commands: Number(one('SELECT count(*) FROM commands')),
    integrity: integrity ? String(pragma(database, 'quick_check(1)')) : undefined,
  }
}

function pragma(database: Database, name: string): unknown {
  return database.pragma(name, { simple: true })
}
