import { readFileSync } from 'node:fs'
import type { ViewDatabase } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { Database } from './database.ts'
import { nameOf, requireSchemaName } from './name.ts'
import { PostgresViewStore } from './view-store.ts'

export interface PostgresViewsOptions {
  /** `postgres://user:password@host:5432/database`; better from the environment than in the code. */
  readonly url?: string | undefined
  /** A file that holds the URL, as orchestrators mount secrets. */
  readonly urlFile?: string | undefined
  /**
   * Where the tables are; it is made where it is missing. Default `headwater_views`. Lower-case letters, digits, underscores,
   * at most 48. Not that of a log.
   */
  readonly schema?: string
  /** How long one statement may take, in milliseconds; default 30,000. */
  readonly timeLimit?: number
  /** How many connections there may be; default 4. */
  readonly connections?: number
}

/**
 * Views in PostgreSQL (from 14), beside a log that lies elsewhere.
 *
 * @throws HeadwaterError `app.invalid` where there is no URL, or it is none
 */
export function postgresViews(options: PostgresViewsOptions): ViewDatabase {
  const { schema = 'headwater_views', timeLimit = 30_000, connections = 4 } = options
  requireSchemaName(schema)
  const url = urlOf(options)
  const name = nameOf(url)
  const parts = { name, url, schema, connections, statementTimeLimit: timeLimit, idleTimeLimit: 5_000 }
  return { name, open: () => new PostgresViewStore(new Database(parts)) }
}

function urlOf({ url, urlFile }: PostgresViewsOptions): string {
  const text = url ?? (urlFile === undefined ? undefined : readFileSync(urlFile, 'utf8').trim())
  if (text !== undefined && text !== '') return text
  throw new HeadwaterError('app.invalid', 'Views in PostgreSQL: there is no url, and no urlFile')
}
