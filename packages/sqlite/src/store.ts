import { resolve } from 'node:path'
import type { Store } from '@headwater/core'
import { whenFree } from './busy.ts'
import { Changes } from './changes.ts'
import { SqliteCommandLog } from './command-log.ts'
import { connectReader, connectWriter, type Driver, loadDriver } from './database.ts'
import { SqliteDocuments } from './documents.ts'
import { translated } from './errors.ts'
import { SqliteLeases } from './leases.ts'
import { SqliteLog } from './log.ts'
import { SqliteProgress } from './progress.ts'
import { Reader } from './reader.ts'
import { prepareSchema } from './schema.ts'
import { Engine } from './write/engine.ts'
import { InlineWriter } from './write/inline.ts'
import type { Writer } from './writer.ts'

export interface SqliteStoreOptions {
  /** The file; it is made where it is missing. */
  readonly path: string
  /** How long to wait for another process that is writing, in milliseconds; default 10,000. */
  readonly busyTimeLimit?: number
}

/**
 * Opens one SQLite file as a store. Several processes may have it open.
 *
 * @throws HeadwaterError `runtime.unsupported`, `log.format`, `log.busy`, `log.unavailable`
 */
export async function sqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const path = resolve(options.path)
  const timeLimit = options.busyTimeLimit ?? 10_000
  const driver = await loadDriver()
  try {
    const writer = await openWriter(driver, path, timeLimit)
    return composeStore(new Reader(connectReader(driver, path), path, timeLimit), writer, path)
  } catch (error) {
    throw translated(error, path)
  }
}

async function openWriter(driver: Driver, path: string, timeLimit: number): Promise<Writer> {
  const database = connectWriter(driver, path)
  try {
    await whenFree(() => prepareSchema(database), path, timeLimit)
    return new InlineWriter(new Engine(database), path, timeLimit)
  } catch (error) {
    database.close()
    throw error
  }
}

function composeStore(reader: Reader, writer: Writer, path: string): Store {
  const changes = new Changes(reader.database)
  return {
    name: `sqlite:${path}`,
    log: new SqliteLog(reader, writer, changes),
    commands: new SqliteCommandLog(reader),
    documents: new SqliteDocuments(reader, writer),
    progress: new SqliteProgress(reader, writer),
    leases: new SqliteLeases(writer),
    async close() {
      changes.close()
      await writer.close()
      reader.close()
    },
  }
}
