import type { SqliteInspection } from '@headwater/sqlite'
import { bytes, count } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Finding } from './finding.ts'
import { describeLog } from './log.ts'

/** How a SQLite file is doing; undefined: it is no log. */
export async function examineSqlite(
  db: string,
  deep: boolean,
  terminal: Terminal,
): Promise<readonly Finding[] | undefined> {
  const { inspectSqlite } = await import('@headwater/sqlite')
  const progress = terminal.progress('Checking the database')
  progress.update(0)
  const inspected = await inspectSqlite(db, { integrity: deep }).finally(() => progress.stop())
  return inspected && describe(db, inspected)
}

function describe(db: string, inspected: SqliteInspection): Finding[] {
  const { sqliteVersion, bytes: size, walBytes, journalMode, pageSize, format, epoch } = inspected
  const rest = walBytes > 0 ? ` and ${bytes(walBytes)} not yet in it` : ''
  return [
    {
      level: 'fine',
      subject: 'Database',
      found: `${db}: ${bytes(size)}${rest}, format ${format}, epoch ${epoch}`,
    },
    {
      level: journalMode === 'wal' ? 'fine' : 'wrong',
      subject: 'SQLite',
      found: `${sqliteVersion}, journal mode ${journalMode}, pages of ${count(pageSize)} bytes`,
      ...(journalMode !== 'wal' && {
        remedy: 'Something changed the journal mode; open it once with Headwater.',
      }),
    },
    describeLog(inspected, 'restore the file from a backup'),
    ...integrityOf(inspected),
  ]
}

function integrityOf({ integrity }: SqliteInspection): Finding[] {
  if (integrity === undefined) return []
  if (integrity === 'ok') return [{ level: 'fine', subject: 'Pages', found: 'all of them are sound' }]
  return [
    {
      level: 'wrong',
      subject: 'Pages',
      found: integrity,
      remedy: 'The file is damaged: restore it from a backup.',
    },
  ]
}
