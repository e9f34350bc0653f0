import { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, server as mariadb } from '../../../mariadb/test/support.ts'
import { administer, server as postgres } from '../../../postgres/test/support.ts'
import type { Place } from './places.ts'

/** A place that is empty, until the test ends. */
export interface TestPlace {
  readonly place: Place
  readonly clear: () => Promise<unknown>
}

const redis = process.env['HEADWATER_REDIS']

/** What there is on this machine to keep views in. */
export const engines: readonly (readonly [name: Place['engine'], make: () => Promise<TestPlace>])[] = [
  ['PostgreSQL', anotherDatabase],
  ['SQLite', aFile],
  ...(mariadb === undefined ? [] : [['MariaDB', inMariadb] as const]),
  ...(redis === undefined ? [] : [['Redis', () => inRedis(redis)] as const]),
]

async function anotherDatabase(): Promise<TestPlace> {
  const name = `headwater_test_views_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  await administer(`CREATE DATABASE ${name}`)
  const url = new URL(postgres ?? '')
  url.pathname = `/${name}`
  return {
    place: { engine: 'PostgreSQL', url: url.href },
    clear: () => administer(`DROP DATABASE ${name} WITH (FORCE)`),
  }
}

async function aFile(): Promise<TestPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-views-'))
  return {
    place: { engine: 'SQLite', path: join(folder, 'views.db') },
    clear: () => rm(folder, { recursive: true, force: true }),
  }
}

async function inMariadb(): Promise<TestPlace> {
  const { url, drop } = await createDatabase()
  return { place: { engine: 'MariaDB', url }, clear: drop }
}

async function inRedis(url: string): Promise<TestPlace> {
  const prefix = `headwater-test-${randomUUID()}:`
  return { place: { engine: 'Redis', url, prefix }, clear: () => unlinkAll(url, prefix) }
}

async function unlinkAll(url: string, prefix: string): Promise<void> {
  const client = new Redis(url)
  try {
    for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1_000 }))
      if (keys.length > 0) await client.unlink(keys)
  } finally {
    client.disconnect()
  }
}
