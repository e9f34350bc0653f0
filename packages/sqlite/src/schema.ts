import { HeadwaterError } from '@headwater/core/errors'
import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'
import { readSql } from './sql.ts'

/** In the file's header, so that `file` and we know whose it is: "HDWR". */
export const applicationId = 0x48445752
/** Rises with every change of the tables that older code can't read. */
export const format = 1

/**
 * Makes the tables in a new file, and checks those of an old one. A file of somebody else is left as it is.
 *
 * @throws HeadwaterError `log.format`
 */
export function prepareSchema(database: Database): void {
  const isNew = checkFormat(database)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  if (!isNew) return
  database.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have been faster.
    if (checkFormat(database)) {
      database.exec(readSql('schema'))
      database
        .prepare('INSERT INTO log (epoch, format, last_version) VALUES (?, ?, 0)')
        .run(randomUUID(), format)
      database.pragma(`application_id = ${applicationId}`)
      database.pragma(`user_version = ${format}`)
    }
    database.exec('COMMIT')
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Whether the file is empty. */
function checkFormat(database: Database): boolean {
  const owner = database.pragma('application_id', { simple: true })
  const version = database.pragma('user_version', { simple: true })
  if (owner === applicationId && version === format) return false
  if (owner === applicationId) {
    throw new HeadwaterError(
      'log.format',
      `${database.name} has format ${String(version)}; this version of Headwater reads ${format}`,
    )
  }
  const objects = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (owner === 0 && version === 0 && objects === 0) return true
  throw new HeadwaterError('log.format', `${database.name} is a database, but not a Headwater log`)
}
