import { postgresStore } from '@headwater/postgres'
import type { Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll } from 'vitest'

/** The URL of a user who may create databases; undefined: there is no PostgreSQL. */
const cluster = process.env['HEADWATER_POSTGRES']
const name = `headwater_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`

/** Its order of text is that of a language: where ours doesn't say that it goes by code points, a test finds out. */
const order = `LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`

/** A database for the tests of this file, dropped with all that they leave behind; undefined: there is no PostgreSQL. */
export const server = cluster === undefined ? undefined : await createDatabase(cluster)

async function createDatabase(url: string): Promise<string> {
  const isNew = await query(url, `SELECT 1 WHERE current_setting('server_version_num')::integer >= 150000`)
  await query(url, `CREATE DATABASE ${name} TEMPLATE template0 ${isNew.length > 0 ? order : ''}`)
  // What is tested is not whether PostgreSQL writes to its disk.
  await query(url, `ALTER DATABASE ${name} SET synchronous_commit = off`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

afterAll(async () => {
  if (cluster !== undefined) await query(cluster, `DROP DATABASE ${name} WITH (FORCE)`)
})

/** A schema of its own for each name of a trial. */
export function schemaOf(database: string): string {
  return `hw_${database.replaceAll('-', '').toLowerCase()}`
}

export function openTrial({ database }: { database: string }): Promise<Store> {
  return postgresStore({ url: server ?? '', schema: schemaOf(database), connections: 4 })
}

/** Runs a statement beside the store, such as a person at a console would. */
export function administer(text: string): Promise<readonly unknown[]> {
  return query(server ?? '', text)
}

async function query(connectionString: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
