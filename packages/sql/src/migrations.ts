import type { SqlStep, SqlStore, TableDefinition } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { sql as sqlTag, type RawBuilder, type SchemaModule } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import { compilerOf, databaseOf, prefixOf } from './database.ts'
import { sessionOf, type Query, type SqlTools } from './session.ts'

/** What a step is made with. */
export interface StepTools<Database> {
  /** Kysely's builder of tables, indexes and views. */
  readonly schema: SchemaModule
  /** The table in a text of SQL: sql`UPDATE ${table('totals')} SET …`. */
  readonly table: (name: keyof Database & string) => RawBuilder<unknown>
  /** Kysely's tag for texts of SQL. */
  readonly sql: typeof sqlTag
}

/** One change of the tables, or several; returned, not executed. */
export type Step<Database> = (tools: StepTools<Database>) => Query | readonly Query[]

/** Tables as Kysely knows them. */
export type SqlTables<Database> = TableDefinition<SqlTools<Database>, ReadonlyKysely<Database>>

/**
 * Defines tables by the steps that make them, each taken once, in this order. A step that was taken is never changed:
 * another one is added.
 *
 * ```ts
 * migrations<{ totals: { country: string; total: number } }>({
 *   'totals by country': ({ schema }) =>
 *     schema
 *       .createTable('totals')
 *       .addColumn('country', 'text', (column) => column.primaryKey())
 *       .addColumn('total', 'integer', (column) => column.notNull()),
 * })
 * ```
 */
export function migrations<Database>(steps: Readonly<Record<string, Step<Database>>>): SqlTables<Database> {
  return {
    steps: (owner, dialect) =>
      Object.entries(steps).map(([name, step]) => compileStep(owner, dialect, name, step)),
    // The very same, without the types of what would be refused; Kysely's own way to make one.
    reader: (owner, sql) => databaseOf<Database>(owner, sql) as never,
    session: (owner, sql) => sessionOf<Database>(owner, sql),
  }
}

function compileStep<Database>(
  owner: string,
  dialect: SqlStore['dialect'],
  name: string,
  step: Step<Database>,
): SqlStep {
  const db = compilerOf(owner, dialect)
  const prefix = prefixOf(owner)
  const made = step({ schema: db.schema, table: (table) => sqlTag.table(`${prefix}.${table}`), sql: sqlTag })
  const queries = isList(made) ? made : [made]
  const statements = queries.map((query) => {
    const { sql, parameters } = 'isRawBuilder' in query ? query.compile(db) : query.compile()
    if (parameters.length === 0) return sql
    throw new HeadwaterError(
      'app.invalid',
      `Step ${name} of ${owner} has a value: write it into the text (sql.lit)`,
    )
  })
  return { name, statements }
}

function isList(made: Query | readonly Query[]): made is readonly Query[] {
  return Array.isArray(made)
}
