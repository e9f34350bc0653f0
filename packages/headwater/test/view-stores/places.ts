import { mariadbViews } from '@headwater/mariadb'
import { postgresViews } from '@headwater/postgres'
import { redisViews } from '@headwater/redis'
import { sqliteViews, type ViewDatabase } from 'headwater'

/** Where views lie beside the log, in words that a process can be told. */
export type Place =
  | { readonly engine: 'PostgreSQL' | 'MariaDB'; readonly url: string }
  | { readonly engine: 'SQLite'; readonly path: string }
  | { readonly engine: 'Redis'; readonly url: string; readonly prefix: string }

export function databaseAt(place: Place): ViewDatabase {
  switch (place.engine) {
    case 'PostgreSQL':
      return postgresViews({ url: place.url })
    case 'SQLite':
      return sqliteViews({ path: place.path })
    case 'MariaDB':
      return mariadbViews({ url: place.url })
    case 'Redis':
      return redisViews({ url: place.url, prefix: place.prefix })
  }
}
