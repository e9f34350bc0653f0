import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'
import { requireServer, stepsTaken } from './schema.ts'

/** What a look into a schema found; nothing in it is changed. */
export interface PostgresInspection {
  /** Without a user and a password. */
  readonly name: string
  readonly schema: string
  readonly serverVersion: string
  /** Bytes of the schema's tables and indexes. */
  readonly bytes: number
  /** Milliseconds that a question takes, and that a commit takes until it is on disk. */
  readonly roundTrip: number
  readonly commit: number
  /** Milliseconds by which the server's clock is ahead of this machine's. */
  readonly clockAhead: number
  readonly isStandby: boolean
  /** Whether what is committed survives a crash: `fsync`, `full_page_writes` and `synchronous_commit`. */
  readonly isDurable: boolean
  readonly connections: { readonly used: number; readonly most: number }
  readonly format: number
  readonly epoch: string
  readonly events: number
  /** The last position; dense positions mean that it is the number of events. */
  readonly position: number
  readonly isDense: boolean
  /** Streams whose revisions are not 1, 2, 3, … */
  readonly brokenStreams: number
  readonly commands: number
}

const detached = `SELECT FROM segments WHERE state <> 'attached' AND position BETWEEN segments.first AND segments.last`

/** How often something is measured. */
const rounds = 5

/**
 * Looks into a database for whoever has to know how it is doing.
 *
 * @param url as `postgresStore` takes it
 * @throws HeadwaterError `app.invalid`, `log.unavailable`, `runtime.unsupported`; undefined where there is no log
 */
export async function inspectPostgres(url: string): Promise<PostgresInspection | undefined> {
  // A log takes its time to be counted.
  const database = openDatabase({ url, connections: 1, statementTimeLimit: 600_000 })
  try {
    await requireServer(database)
    const steps = await stepsTaken(database, database.schema)
    return steps && (await inspect(database, steps.length))
  } finally {
    await database.close()
  }
}

async function inspect(database: Database, format: number): Promise<PostgresInspection> {
  const one = async <Columns extends unknown[]>(text: string, ...values: string[]): Promise<Columns> => {
    const { rows } = await database.run<Columns>({ text }, values)
    const [row] = rows
    if (row === undefined) throw new Error(`No answer to ${text}`)
    return row
  }
  const roundTrip = await median(() => one('SELECT 1'))
  const before = Date.now()
  const [now] = await one<[number]>('SELECT milliseconds_now()')
  const [isStandby, serverVersion, isDurable, most, used] = await one<
    [boolean, string, boolean, number, number]
  >(`SELECT pg_is_in_recovery(), current_setting('server_version'),
      current_setting('fsync')::boolean AND current_setting('full_page_writes')::boolean
        AND current_setting('synchronous_commit') <> 'off',
      current_setting('max_connections')::integer, (SELECT count(*)::integer FROM pg_stat_activity)`)
  const [bytes] = await one<[number]>(
    `SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint
      FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname IN ($1, $2) AND relkind IN ('r', 'm')`,
    database.schema,
    database.userSchema,
  )
  const [events, attached, position] = await one<[number, number, number]>(
    // What was detached is not there by intention; what of it stays, such as the last event of a stream, counts as events.
    `SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (${detached})), coalesce(max(position), 0) FROM events WHERE branch = 0`,
  )
  const [brokenStreams] = await one<[number]>(
    `SELECT count(*) FROM (SELECT 1 FROM events WHERE branch = 0 AND NOT EXISTS (${detached}) GROUP BY tenant, stream
       HAVING max(revision) - min(revision) + 1 <> count(*)
         OR (min(revision) <> 1 AND NOT EXISTS (SELECT FROM segments WHERE state <> 'attached'))) AS broken`,
  )
  const [removed] = await one<[number]>(
    `SELECT coalesce(sum(last - first + 1), 0)::bigint FROM segments WHERE state <> 'attached'`,
  )
  const [commands] = await one<[number]>('SELECT count(*) FROM commands')
  const [epoch] = await one<[string]>('SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1')
  return {
    name: database.name,
    schema: database.schema,
    serverVersion,
    bytes,
    roundTrip,
    // A message in the write-ahead log that nobody reads: it is committed as everything is.
    commit: isStandby ? 0 : await median(() => one(`SELECT pg_logical_emit_message(true, 'headwater', '')`)),
    clockAhead: Math.round(now - before - roundTrip / 2),
    isStandby,
    isDurable,
    connections: { used, most },
    format,
    epoch,
    events,
    position,
    isDense: position === attached + removed,
    brokenStreams,
    commands,
  }
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  return times.sort((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0
}
