import { readFileSync } from 'node:fs'
import type { ViewDatabase } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { Connections } from './connections.ts'
import { MariadbViewStore } from './view-store.ts'

export interface MariadbViewsOptions {
  /** `mariadb://user:password@host:3306/database`; better from the environment than in the code. */
  readonly url?: string | undefined
  /** A file that holds the URL, as orchestrators mount secrets. */
  readonly urlFile?: string | undefined
  /** What the names of all tables begin with; default `headwater_`. Letters, digits and underscores, at most 20. */
  readonly prefix?: string
  /** How long one statement may take, in milliseconds; default 30,000. */
  readonly timeLimit?: number
  /** How many connections there may be; default 4. */
  readonly connections?: number
  /** How many documents a query may look at one by one, where no index leads to it; default 10,000. */
  readonly mostScanned?: number
}

/**
 * Views in MariaDB (from 10.6) or MySQL (from 8.0).
 *
 * @throws HeadwaterError `app.invalid` where there is no URL, or it is none
 */
export function mariadbViews(options: MariadbViewsOptions): ViewDatabase {
  const { prefix = 'headwater_', timeLimit = 30_000, connections = 4, mostScanned = 10_000 } = options
  if (!/^[A-Za-z][A-Za-z0-9_]{0,19}$/.test(prefix))
    throw invalid(`${JSON.stringify(prefix)} is no prefix for tables`)
  const url = urlOf(options)
  const name = `mariadb:${url.hostname}${url.pathname}`
  return {
    name,
    open: () =>
      new MariadbViewStore(name, new Connections(name, url, { timeLimit, connections }), {
        prefix,
        mostScanned,
      }),
  }
}

/** Its text holds a password: it is never part of a message. */
function urlOf({ url, urlFile }: MariadbViewsOptions): URL {
  const text = url ?? (urlFile === undefined ? undefined : readFileSync(urlFile, 'utf8').trim())
  if (text === undefined || text === '') throw invalid('there is no url, and no urlFile')
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (parsed === undefined || !/^(?:mariadb|mysql):$/.test(parsed.protocol) || parsed.pathname.length < 2)
    throw invalid('its url is not of the form mariadb://user:password@host/database')
  return parsed
}

function invalid(why: string): HeadwaterError {
  return new HeadwaterError('app.invalid', `Views in MariaDB: ${why}`)
}
