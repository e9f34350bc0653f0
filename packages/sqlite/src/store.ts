import { resolve } from 'node:path'
import { branched, type Store } from '@headwater/core'
import { SqliteBranches } from './branches.ts'
import { Changes } from './changes.ts'
import { SqliteCommandLog } from './command-log.ts'
import { connectReader, loadDriver } from './database.ts'
import { SqliteDocuments } from './documents.ts'
import { translated } from './errors.ts'
import { SqliteExternalJournal } from './external-journal.ts'
import { SqliteImages } from './images.ts'
import { SqliteLeases } from './leases.ts'
import { SqliteLog } from './log.ts'
import { SqliteControls } from './controls.ts'
import { SqliteParking } from './parking.ts'
import { SqliteProgress } from './progress.ts'
import { SqliteResults } from './results.ts'
import { Reader } from './reader.ts'
import { SqliteSegments } from './segments.ts'
import { SqliteSnapshots } from './snapshots.ts'
import { SqliteSql } from './user-sql.ts'
import { SqliteViewVersions } from './view-versions.ts'
import { openEngine } from './write/open.ts'
import { SerialWriter } from './write/serial.ts'
import { ThreadedWriter } from './write/threaded.ts'
import type { Writer } from './writer.ts'

export interface SqliteStoreOptions {
  /** The file; it is made where it is missing. */
  readonly path: string
  /**
   * Where transactions run. `worker`: in a thread of its own, so that waiting for the disk holds up nothing else.
   * `inline` (default): on the calling thread.
   */
  readonly writer?: 'worker' | 'inline'
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
  const busyTimeLimit = options.busyTimeLimit ?? 10_000
  const driver = await loadDriver()
  const writer = await openWriter(options.writer ?? 'inline', path, busyTimeLimit)
  try {
    return composeStore(
      `sqlite:${options.path}`,
      new Reader(connectReader(driver, path), path, busyTimeLimit),
      writer,
    )
  } catch (error) {
    await writer.close()
    throw translated(error, path)
  }
}

async function openWriter(kind: 'worker' | 'inline', path: string, busyTimeLimit: number): Promise<Writer> {
  if (kind === 'inline') return new SerialWriter(await openEngine(path, busyTimeLimit), path, busyTimeLimit)
  const writer = new ThreadedWriter({ path, busyTimeLimit })
  await writer.ready()
  return writer
}

function composeStore(name: string, reader: Reader, writer: Writer): Store {
  const changes = new Changes(reader.database)
  return {
    name,
    ...branched({
      log: new SqliteLog(reader, writer, changes),
      commands: new SqliteCommandLog(reader),
      branches: new SqliteBranches(reader, writer),
    }),
    documents: new SqliteDocuments(reader, writer),
    progress: new SqliteProgress(reader, writer),
    snapshots: new SqliteSnapshots(reader, writer),
    images: new SqliteImages(reader, writer),
    segments: new SqliteSegments(reader, writer),
    parking: new SqliteParking(reader, writer),
    results: new SqliteResults(reader),
    controls: new SqliteControls(reader, writer),
    externals: new SqliteExternalJournal(reader, writer),
    leases: new SqliteLeases(reader, writer),
    sql: new SqliteSql(reader, writer),
    viewVersions: new SqliteViewVersions(reader, writer, changes),
    async close() {
      changes.close()
      await writer.finish()
      // The connection that writes goes last: it leaves one file behind, not three.
      reader.close()
      await writer.close()
    },
  }
}
