import { HeadwaterError } from '@headwater/core/errors'
import { createHash } from 'node:crypto'
import type { Database, Session } from './database.ts'
import { readSql } from './sql.ts'

/** What a schema holds, and how it came to. */
export interface SchemaKind {
  /** What leads to each format from the one before: files in `sql/`. A schema that is there has taken the first steps. */
  readonly steps: readonly (readonly string[])[]
  readonly holdsUserTables: boolean
}

export const logSchema: SchemaKind = {
  steps: [
    [
      'migrations/1',
      'migrations/1-branches',
      'migrations/1-append',
      'migrations/1-documents',
      'migrations/1-externals',
      'migrations/1-staged',
    ],
    ['migrations/2'],
    ['migrations/3'],
    ['migrations/4'],
    ['migrations/5'],
  ],
  holdsUserTables: true,
}

/** Views without a log. */
export const viewSchema: SchemaKind = {
  steps: [['migrations/1-documents', 'view-migrations/1']],
  holdsUserTables: false,
}

/** "14": what is older has no functions in standard SQL. */
const oldestServer = 140_000

/**
 * Makes the schema where it is missing, and brings an older one up to date, each step once: of ten processes that start
 * together one takes the steps and the others wait for it. A schema of somebody else, and one that a newer Headwater
 * changed so that this one can't write it, is left as it is.
 *
 * @param create false: one that is missing is not made
 * @throws HeadwaterError `log.format`, `log.unavailable`, `runtime.unsupported`
 */
export async function prepareSchema(database: Database, kind: SchemaKind, create = true): Promise<void> {
  const { schema } = database
  await requireServer(database)
  const taken = await stepsTaken(database, schema)
  if (taken === undefined && !create)
    throw new HeadwaterError('log.format', `The schema ${schema} of ${database.name} holds no Headwater log`)
  if (taken !== undefined && isUpToDate(taken, kind)) return
  await database.transaction(async (session) => {
    await session.run({ text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))' }, [migrationLock, schema])
    await migrate(session, database, kind)
  })
}

/** "HDWR": whoever else takes advisory locks in the database is unlikely to have chosen it. */
const migrationLock = 0x48445752

/** @throws HeadwaterError `log.unavailable`, `runtime.unsupported` */
export async function requireServer(database: Database): Promise<void> {
  const { rows } = await database.run<[number, string, string]>({
    text: `SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
      current_setting('server_encoding')`,
  })
  const [[number, version, encoding] = [0, '', '']] = rows
  if (number < oldestServer)
    throw new HeadwaterError(
      'runtime.unsupported',
      `${database.name} is PostgreSQL ${version}; it has to be 14 or newer`,
    )
  if (encoding !== 'UTF8')
    throw new HeadwaterError(
      'runtime.unsupported',
      `${database.name} has the encoding ${encoding}, which can’t hold every text; it has to be UTF8`,
    )
}

async function migrate(session: Session, database: Database, kind: SchemaKind): Promise<void> {
  const taken = await stepsTaken(session, database.schema)
  if (taken === undefined) await create(session, database, kind)
  for (const [index, step] of kind.steps.entries()) {
    if (index < (taken?.length ?? 0)) continue
    const text = textOf(step)
    await session.run({ text })
    await session.run(
      { text: 'INSERT INTO migrations (number, checksum, taken_at) VALUES ($1, $2, now())' },
      [index + 1, checksumOf(text)],
    )
  }
}

async function create(session: Session, { schema, userSchema }: Database, kind: SchemaKind): Promise<void> {
  const { count } = await session.run(
    {
      text: 'SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1 LIMIT 1',
    },
    [schema],
  )
  if (count > 0)
    throw new HeadwaterError('log.format', `The schema ${schema} holds tables, but no Headwater log`)
  await session.run({ text: `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}` })
  if (kind.holdsUserTables) await session.run({ text: `CREATE SCHEMA IF NOT EXISTS ${quoted(userSchema)}` })
  await session.run({ text: readSql('migrations/0') })
}

/** The checksums of the steps that were taken, in their order; undefined: it was not begun. */
export async function stepsTaken(session: Session, schema: string): Promise<readonly string[] | undefined> {
  // Asked of the table itself: what a function such as to_regclass remembers may be from before a lock was waited for.
  const { count } = await session.run(
    {
      text: `SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = $1 AND relname = 'migrations'`,
    },
    [schema],
  )
  if (count === 0) return undefined
  const { rows } = await session.run<[number, string]>({
    text: 'SELECT number, checksum FROM migrations ORDER BY number',
  })
  return rows.map(([, checksum]) => checksum)
}

/** @throws HeadwaterError `log.format` where a step reads otherwise than when it was taken */
function isUpToDate(taken: readonly string[], { steps }: SchemaKind): boolean {
  for (const [index, step] of steps.slice(0, taken.length).entries()) {
    if (taken[index] !== checksumOf(textOf(step)))
      throw new HeadwaterError('log.format', `Migration ${index + 1} is not the one that made the tables`)
  }
  return taken.length >= steps.length
}

function textOf(step: readonly string[]): string {
  return step.map(readSql).join('\n')
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
