import type { Tables } from '@headwater/core'
import type { ReadonlyKysely } from 'kysely/readonly'
import { prefixOf } from './database.ts'
import type { SqlTables } from './migrations.ts'
import type { SqlTools } from './session.ts'

export interface TablesOptions<Database> {
  readonly migrations: SqlTables<Database>
  readonly description?: string
}

/**
 * Defines tables that a context keeps as its own state, beside the log and in its database.
 *
 * @param name what their names in the database begin with: of `orders-db` the table `lines` is `orders_db__lines`
 * @throws HeadwaterError `app.invalid`
 */
export function tables<const Name extends string, Database>(
  name: Name,
  { migrations, description }: TablesOptions<Database>,
): Tables<Name, SqlTools<Database>, ReadonlyKysely<Database>> {
  prefixOf(name)
  return { kind: 'tables', name, description, ...migrations }
}
