import { randomUUID } from 'node:crypto'
import { createConnection } from 'mysql2/promise'

/** The URL of a user who may create databases; undefined: there is no MariaDB. */
export const server = process.env['HEADWATER_MARIADB']

/** A database for the tests of one file. */
export interface TestDatabase {
  readonly url: string
  readonly drop: () => Promise<void>
}

export async function createDatabase(): Promise<TestDatabase> {
  const url = new URL(server ?? '')
  const name = `headwater_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  await administer(url, `CREATE DATABASE ${name}`)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(url, `DROP DATABASE ${name}`) }
}

async function administer(url: URL, statement: string): Promise<void> {
  const connection = await createConnection({
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  })
  try {
    await connection.query(statement)
  } finally {
    await connection.end()
  }
}

/** A prefix of its own for each name. */
export function prefixOf(database: string): string {
  return `h${database.replaceAll('-', '').slice(0, 16)}_`
}
