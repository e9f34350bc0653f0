import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { HeadwaterError } from '@headwater/core/errors'
import type Sqlite from 'better-sqlite3'

export type Database = Sqlite.Database
export type Driver = typeof Sqlite
export type Statement<Parameters extends unknown[] = unknown[], Row = unknown> = Sqlite.Statement<
  Parameters,
  Row
>

/** The version of Node-API that better-sqlite3's binary is made for. An older Node.js ends without a message in it. */
const neededNodeApi = 10

/** @throws HeadwaterError `runtime.unsupported` */
export async function loadDriver(nodeApi: string | undefined = process.versions['napi']): Promise<Driver> {
  if (!(Number(nodeApi) >= neededNodeApi)) {
    throw new HeadwaterError(
      'runtime.unsupported',
      `Node.js ${process.version} is too old for the embedded database`,
    )
  }
  return (await import('better-sqlite3')).default
}

/**
 * The connection that writes. It never waits for a lock: `timeout: 0` makes SQLite say at once that it is busy.
 * FULL: an acknowledged commit has been synced to the disk.
 */
export function connectWriter(driver: Driver, path: string): Database {
  if (!existsSync(dirname(path)))
    throw new HeadwaterError('log.unavailable', `There is no folder ${dirname(path)}`)
  return new driver(path, { timeout: 0 })
}

export function connectReader(driver: Driver, path: string): Database {
  return new driver(path, { timeout: 0, readonly: true, fileMustExist: true })
}
