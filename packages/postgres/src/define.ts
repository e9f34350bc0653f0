import {
  collectionStatement,
  findCollection,
  indexNameOf,
  tableNameOf,
  type Collection,
} from './collection.ts'
import type { Database, Session } from './database.ts'
import { codeOf } from './errors.ts'
import { valueAt } from './path.ts'
import { quoted } from './schema.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('collections')

/** How long a table may be waited for that somebody else reads or writes, in milliseconds: behind us others would wait. */
const lockTimeLimit = 2_000

/** Makes the table of a collection, an index for each path, and that of words, where they are missing. */
export async function defineCollection(
  database: Database,
  name: string,
  indexes: readonly string[],
  isSearchable: boolean,
): Promise<void> {
  const wanted = [...new Set(indexes)].filter((path) => path !== '$key')
  // Its path is checked before anything is made.
  const values = new Map(wanted.map((path) => [path, valueAt(path)]))
  await changeTables(database, async (session) => {
    const known = await findCollection(session, name)
    const { table, isSearchable: wasSearchable } = known ?? (await create(session, name))
    const present = await indexesOf(session, table)
    for (const [path, value] of values) {
      const index = indexNameOf(table, path)
      if (present.has(index)) continue
      const text = collectionStatement('create-index', table)
      await session.run({ text: text.replace('{index}', quoted(index)).replace('{value}', value) })
    }
    if (!isSearchable || wasSearchable) return
    await session.run({ text: collectionStatement('create-words', table) })
    await session.run({ text: sql('make-searchable') }, [name])
  })
}

/**
 * Drops the collection at once, and its table as soon as nobody reads it: a backup may do so for hours. The table of another
 * collection that could not be dropped before is tried as well.
 */
export async function dropCollection(database: Database, name: string): Promise<void> {
  await database.run({ text: sql('forget') }, [name])
  const { rows } = await database.run<[number, string]>({ text: sql('forgotten') })
  for (const [id, table] of rows) {
    try {
      await changeTables(database, async (session) => {
        await session.run({ text: collectionStatement('drop', table) })
        await session.run({ text: sql('delete') }, [id])
      })
    } catch (error) {
      if (!isLocked(error)) throw error
    }
  }
}

async function create(session: Session, name: string): Promise<Collection> {
  const { rows } = await session.run<[string]>({ text: sql('register') }, [name, tableNameOf(name)])
  const [table = ''] = rows[0] ?? []
  await session.run({ text: collectionStatement('create', table) })
  return { table, isSearchable: false }
}

async function indexesOf(session: Session, table: string): Promise<ReadonlySet<string>> {
  const { rows } = await session.run<[string]>({ text: sql('indexes') }, [table])
  return new Set(rows.map(([index]) => index))
}

function changeTables<Result>(
  database: Database,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  return database.transaction(async (session) => {
    // An index over many documents takes its time.
    await session.run({ text: `SET LOCAL statement_timeout = 0` })
    await session.run({ text: sql('lock') })
    await session.run({ text: `SET LOCAL lock_timeout = ${lockTimeLimit}` })
    return work(session)
  })
}

function isLocked(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return codeOf(cause) === '55P03'
}
