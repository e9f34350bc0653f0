import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { onTestFinished } from 'vitest'

/** The URL of a PostgreSQL; undefined: there is none. */
export const server = process.env['HEADWATER_POSTGRES']

/** The URL of a log in a schema of its own, until the test ends. */
export function newSchema(): string {
  const schema = `hw_cli_${randomBytes(6).toString('hex')}`
  onTestFinished(async () => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(`DROP SCHEMA IF EXISTS ${schema}, ${schema}_tables CASCADE`)
    await client.end()
  })
  return `${server}?schema=${schema}`
}
