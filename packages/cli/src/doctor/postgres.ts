import type { PostgresInspection } from '@headwater/postgres'
import { bytes, count, duration } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Finding } from './finding.ts'
import { describeLog } from './log.ts'

/** Milliseconds: a server farther away than this is in another place. */
const slowRoundTrip = 5
/** Milliseconds: what a disk with a cache that survives a power cut takes. */
const slowCommit = 25
/** Milliseconds: leases go by the server's clock, recorded times as well. */
const manyOff = 1_000

/** How a PostgreSQL database is doing; undefined: it holds no log. */
export async function examinePostgres(
  db: string,
  terminal: Terminal,
): Promise<readonly Finding[] | undefined> {
  const { inspectPostgres } = await import('@headwater/postgres')
  const progress = terminal.progress('Checking the database')
  progress.update(0)
  const inspected = await inspectPostgres(db).finally(() => progress.stop())
  return inspected && describe(inspected)
}

function describe(inspected: PostgresInspection): Finding[] {
  const { name, schema, serverVersion, format, epoch, isDurable } = inspected
  return [
    {
      level: 'fine',
      subject: 'Database',
      found: `${name}, schema ${schema}: ${bytes(inspected.bytes)}, format ${format}, epoch ${epoch}`,
    },
    {
      level: isDurable ? 'fine' : 'wrong',
      subject: 'PostgreSQL',
      found: `${serverVersion}, ${isDurable ? 'what is committed is on disk' : 'fsync, full_page_writes or synchronous_commit is off'}`,
      ...(!isDurable && {
        remedy:
          'What was acknowledged can be lost: turn the first two on in postgresql.conf, and leave the third one out of the URL.',
      }),
    },
    ...describeServer(inspected),
    describeLog(inspected, 'restore the database from a backup'),
  ]
}

function describeServer({
  isStandby,
  roundTrip,
  commit,
  clockAhead,
  connections,
}: PostgresInspection): Finding[] {
  const { used, most } = connections
  const isSlow = roundTrip > slowRoundTrip || commit > slowCommit
  const isOff = Math.abs(clockAhead) > manyOff
  const isFull = used > most * 0.8
  return [
    {
      level: isStandby ? 'wrong' : 'fine',
      subject: 'Server',
      found: isStandby ? 'is a standby, which can only be read' : 'takes writes',
      ...(isStandby && { remedy: 'Name the primary with --db.' }),
    },
    {
      level: isSlow ? 'notice' : 'fine',
      subject: 'Latency',
      found: `an answer takes ${duration(roundTrip)}, a commit ${duration(commit)}`,
      ...(isSlow && { remedy: 'Each commit waits for it; many callers at once share a commit.' }),
    },
    {
      level: isOff ? 'notice' : 'fine',
      subject: 'Clock',
      found: `the server’s is ${duration(Math.abs(clockAhead))} ${clockAhead < 0 ? 'behind' : 'ahead of'} this machine’s`,
      ...(isOff && { remedy: 'Events are dated by the server: set both by NTP.' }),
    },
    {
      level: isFull ? 'notice' : 'fine',
      subject: 'Connections',
      found: `${count(used)} of ${count(most)} are used`,
      ...(isFull && { remedy: 'Raise max_connections: each process of Headwater uses up to 12.' }),
    },
  ]
}
