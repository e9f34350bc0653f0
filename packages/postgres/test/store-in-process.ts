import type { StoreModule } from '@headwater/conformance'
import { postgresStore } from '@headwater/postgres'
import pg from 'pg'

/** A schema of its own for each name. */
function schemaOf(database: string): string {
  return `hw_${database.replaceAll('-', '').toLowerCase()}`
}

/** How the processes that the conformance tests and soaks start open the database. */
export const openStore: StoreModule['openStore'] = (database, url = '') =>
  postgresStore({ url, schema: schemaOf(database), connections: 4 })

/** Like a person at a console who holds the log's lock in a transaction and does not end it. */
export const lockWrites: StoreModule['lockWrites'] = async (database, url = '') => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`SET search_path = ${schemaOf(database)}`)
  await client.query('BEGIN')
  await client.query('SELECT lock_log()')
  return () => void client.end()
}

/** Like a restart of the server: all connections to the database but this one are ended. */
export const breakConnections: NonNullable<StoreModule['breakConnections']> = async (_database, url = '') => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await client.end()
}
