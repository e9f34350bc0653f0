import { Database } from './database.ts'
import { nameOf, requireSchemaName } from './name.ts'

export interface ConnectionOptions {
  /**
   * `postgres://user:password@host:5432/database`. What is left out is taken from PGHOST, PGUSER, PGPASSWORD and so on, or
   * ~/.pgpass. `?schema=…` is the short form of `schema`, `?sslmode=…` and the like are the driver's.
   * `?options=-c name=value` sets parameters of the server, except for those that statements here depend on. With
   * `synchronous_commit` it says when an answer is given: without it, when the commit is on disk.
   */
  readonly url: string
  /** Where the tables are. Default `headwater`. Lower-case letters, digits, underscores. */
  readonly schema?: string
  /** How many connections there may be; default 10. */
  readonly connections?: number
  /** How long one statement may take, in milliseconds; default 30,000. */
  readonly statementTimeLimit?: number
  /**
   * How long a transaction of ours may stand still, in milliseconds; default 5,000. A process that freezes while it holds
   * locks holds up the others no longer than this.
   */
  readonly idleTimeLimit?: number
}

/** @throws HeadwaterError `app.invalid` */
export function openDatabase(options: ConnectionOptions): Database {
  const name = nameOf(options.url)
  const { url, schemaInUrl } = partsOf(options.url)
  const { connections = 10, statementTimeLimit = 30_000, idleTimeLimit = 5_000 } = options
  const schema = options.schema ?? schemaInUrl ?? 'headwater'
  requireSchemaName(schema)
  return new Database({
    name,
    url: url.href,
    schema,
    connections,
    statementTimeLimit,
    idleTimeLimit,
  })
}

function partsOf(text: string): { readonly url: URL; readonly schemaInUrl: string | undefined } {
  const url = new URL(text)
  const schemaInUrl = url.searchParams.get('schema') ?? undefined
  url.searchParams.delete('schema')
  return { url, schemaInUrl }
}
