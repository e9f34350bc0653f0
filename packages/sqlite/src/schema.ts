import { HeadwaterError } from '@headwater/core/errors'
import { slotOf } from '@headwater/core/slots'
import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'
import { readSql } from './sql.ts'

/** In the file's header, so that `file` and we know whose it is: "HDWR". */
export const applicationId = 0x48445752
/** Rises with every change of the tables; `sql/migrations/<format>.sql` leads there from the one before. */
export const format = 4

/**
 * Makes the tables in a new file, and brings those of an older one up to date. A file of somebody else, and one of a newer
 * Headwater, is left as it is.
 *
 * @throws HeadwaterError `log.format`
 */
export function prepareSchema(database: Database): void {
  const found = formatOf(database)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  if (found === format) return
  database.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have been faster.
    const current = formatOf(database)
    if (current === undefined) create(database)
    else migrate(database, current)
    database.exec('COMMIT')
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function create(database: Database): void {
  database.exec(readSql('schema'))
  database.prepare('INSERT INTO log (epoch, format, last_version) VALUES (?, ?, 0)').run(randomUUID(), format)
  database.pragma(`application_id = ${applicationId}`)
  database.pragma(`user_version = ${format}`)
}

/** All steps in one transaction: a process that is killed in between leaves the file as it was. */
function migrate(database: Database, from: number): void {
  database.function('slot_of', { deterministic: true }, (tenant, key) => slotOf(String(tenant), String(key)))
  for (let step = from + 1; step <= format; step += 1) database.exec(readSql(`migrations/${step}`))
  database.prepare('UPDATE log SET format = ?').run(format)
  database.pragma(`user_version = ${format}`)
}

/** The format of a Headwater log; undefined: the file is empty. */
function formatOf(database: Database): number | undefined {
  const owner = database.pragma('application_id', { simple: true })
  const version = Number(database.pragma('user_version', { simple: true }))
  if (owner === applicationId && version >= 1 && version <= format) return version
  if (owner === applicationId) {
    throw new HeadwaterError(
      'log.format',
      `${database.name} has format ${version}; this version of Headwater reads up to ${format}`,
    )
  }
  const objects = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (owner === 0 && version === 0 && objects === 0) return undefined
  throw new HeadwaterError('log.format', `${database.name} is a database, but not a Headwater log`)
}
