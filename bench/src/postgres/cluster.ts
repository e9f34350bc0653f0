import { randomBytes } from 'node:crypto'
import pg from 'pg'

const usual = 'postgres://postgres@127.0.0.1:5432/postgres'

/** The URL of a user who may create databases. */
const cluster = process.env['HEADWATER_POSTGRES'] ?? usual

/** Why a bench of PostgreSQL can't be run; undefined: it can. */
export async function missingPostgres(): Promise<string | undefined> {
  try {
    await administer('SELECT 1')
    return undefined
  } catch (error) {
    const message = error instanceof Error ? error.message || error.name : String(error)
    return `there is no PostgreSQL (${message}): start one on 127.0.0.1:5432, or set HEADWATER_POSTGRES to the URL of a user who may create databases`
  }
}

const databases = new Set<string>()

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.allSettled([...databases].map(dropDatabase)).then(() => process.exit(1))
  })
}

/** A new database, given by its URL. */
export async function createDatabase(): Promise<string> {
  const name = `headwater_bench_${randomBytes(6).toString('hex')}`
  await administer(`CREATE DATABASE ${name} TEMPLATE template0`)
  const url = new URL(cluster)
  url.pathname = `/${name}`
  databases.add(url.href)
  return url.href
}

export async function dropDatabase(url: string): Promise<void> {
  await administer(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`)
  databases.delete(url)
}

export async function withDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const url = await createDatabase()
  try {
    return await work(url)
  } finally {
    await dropDatabase(url)
  }
}

/** So many, or as many as the server has left beside its other users. */
export async function connectionsFor(callers: number): Promise<number> {
  const [row] = await administer(`SELECT current_setting('max_connections')::integer
    - current_setting('superuser_reserved_connections')::integer - count(*)::integer AS free FROM pg_stat_activity`)
  return Math.max(1, Math.min(callers, Math.floor(Number(row?.['free'] ?? 0) * 0.9)))
}

export function administer(text: string): Promise<readonly Record<string, unknown>[]> {
  return query(cluster, text)
}

/** One statement on a connection of its own. */
export async function query(
  connectionString: string,
  text: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}

/** A pool whose connections are all open. */
export async function warmPool(options: pg.PoolConfig & { readonly max: number }): Promise<pg.Pool> {
  const pool = new pg.Pool({ ...options, idleTimeoutMillis: 0 })
  const clients = await Promise.all(Array.from({ length: options.max }, () => pool.connect()))
  for (const client of clients) client.release()
  return pool
}
