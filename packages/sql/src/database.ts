import { tablePrefix, type SqlStore } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  SqliteAdapter,
  SqliteIntrospector,
  WithSchemaPlugin,
  type Dialect,
} from 'kysely'
import { compilerFor } from './compiler.ts'
import { ReadingDriver, type Check } from './driver.ts'

/** Kysely over the tables of one owner: what it calls `lines` is the owner's table of this name. */
export function databaseOf<Database>(
  owner: string,
  sql: SqlStore,
  check: Check = () => undefined,
): Kysely<Database> {
  return new Kysely<Database>({
    dialect: dialectOf(sql.dialect, () => new ReadingDriver(sql, check)),
    plugins: [new WithSchemaPlugin(prefixOf(owner))],
  })
}

/** Kysely that only makes queries. */
export function compilerOf(owner: string, dialect: SqlStore['dialect']): Kysely<unknown> {
  const nothing = async (): Promise<never> => {
    throw new HeadwaterError('sql.refused', 'A step of a migration is returned, not executed')
  }
  const sql: SqlStore = { dialect, query: nothing, migrate: nothing, drop: nothing }
  return databaseOf<unknown>(owner, sql, () => void nothing())
}

/** @throws HeadwaterError `app.invalid` */
export function prefixOf(owner: string): string {
  const prefix = tablePrefix(owner)
  if (prefix === undefined) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(owner)} can’t name tables: letters, digits and single dashes or underscores, not beginning with collection, sqlite, headwater or pg`,
    )
  }
  return prefix
}

function dialectOf(name: SqlStore['dialect'], createDriver: () => ReadingDriver): Dialect {
  const isPostgres = name === 'postgres'
  return {
    createDriver,
    createQueryCompiler: () => compilerFor(name),
    createAdapter: () => (isPostgres ? new PostgresAdapter() : new SqliteAdapter()),
    createIntrospector: (database) =>
      isPostgres ? new PostgresIntrospector(database) : new SqliteIntrospector(database),
  }
}
