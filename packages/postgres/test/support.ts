import { postgresStore } from '@headwater/postgres'
import type { Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'

/** The URL of a user who may create databases; undefined: there is no PostgreSQL. */
const cluster = process.env['HEADWATER_POSTGRES']
const name = `headwater_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`

/** How often it is looked whether the tests' connections have ended, a tenth of a second apart. */
const mostLooks = 200

/** Its order of text is that of a language: where ours doesn't say that it goes by code points, a test finds out. */
const order = `LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`

/** A database for the tests of this file, dropped with all that they leave behind; undefined: there is no PostgreSQL. */
export const server = cluster === undefined ? undefined : databaseIn(cluster)

function databaseIn(url: string): string {
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

// Not before: where no test of the file is wanted, nobody would drop it.
beforeAll(async () => {
  if (cluster === undefined) return
  const isNew = await query(
    cluster,
    `SELECT 1 WHERE current_setting('server_version_num')::integer >= 150000`,
  )
  await query(cluster, `CREATE DATABASE ${name} TEMPLATE template0 ${isNew.length > 0 ? order : ''}`)
})

/** The same, where nobody waits for the disk: what is tested is not whether PostgreSQL writes to it. */
export const quickServer = server === undefined ? undefined : withoutWaiting(server)

function withoutWaiting(url: string): string {
  const quick = new URL(url)
  quick.searchParams.set('options', '-c synchronous_commit=off')
  return quick.href
}

afterAll(async () => {
  if (cluster === undefined) return
  try {
    await requireClosed()
  } finally {
    await query(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
})

/** Fails where tests left connections open: the last ones take a moment to end. */
async function requireClosed(): Promise<void> {
  const left = () =>
    query(
      cluster ?? '',
      `SELECT application_name, state, query FROM pg_stat_activity WHERE datname = '${name}'`,
    )
  for (let looks = 1; (await left()).length > 0; looks += 1) {
    if (looks === mostLooks) throw new Error(`Tests left connections open: ${JSON.stringify(await left())}`)
    await sleep(100)
  }
}

/** A schema of its own for each name of a trial. */
export function schemaOf(database: string): string {
  return `hw_${database.replaceAll('-', '').toLowerCase()}`
}

export function openTrial({ database }: { database: string }): Promise<Store> {
  return postgresStore({ url: quickServer ?? '', schema: schemaOf(database), connections: 4 })
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
