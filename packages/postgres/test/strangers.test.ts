import type { Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aRequest, positionsOf, upTo } from './requests.ts'
import { openTrial, schemaOf, server } from './support.ts'

/** A person at a console, or another program. */
async function connect(schema: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server })
  // When the trial is over its session is ended with it.
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`SET search_path = ${schema}`)
  return client
}

describe.skipIf(server === undefined)('others in the same PostgreSQL', () => {
  let store: Store
  let schema: string

  beforeEach(async () => {
    const database = randomUUID()
    schema = schemaOf(database)
    store = await openTrial({ database })
  })

  afterEach(async () => {
    await store.close()
  })

  it.each([
    'READ COMMITTED',
    'REPEATABLE READ',
    'SERIALIZABLE',
  ])('hold nobody up with a long transaction that has written: %s', async (isolation) => {
    const stranger = await connect(schema)
    await stranger.query(`BEGIN ISOLATION LEVEL ${isolation}`)
    await stranger.query('SELECT count(*) FROM events')
    await stranger.query('CREATE TABLE theirs (id integer)')
    for (let count = 1; count <= 20; count += 1) {
      await store.log.append([aRequest('a-1')])
      expect(await positionsOf(store)).toEqual(upTo(count))
    }
    await stranger.query('COMMIT')
    expect(await positionsOf(store)).toEqual(upTo(20))
    await stranger.end()
  })

  it('hold nobody up with a session that stands still in a transaction, and with locks on rows', async () => {
    await store.log.append([aRequest('a-1')])
    const stranger = await connect(schema)
    await stranger.query('BEGIN')
    await stranger.query('SELECT * FROM events FOR UPDATE')
    await store.log.append([aRequest('a-1'), aRequest('b-1')])
    expect(await positionsOf(store)).toEqual([1, 2, 3])
    await stranger.end()
  })

  it('who rolls back after years leaves no hole', async () => {
    const stranger = await connect(schema)
    await stranger.query('BEGIN')
    await stranger.query(
      "SELECT nextval('document_versions'), nextval(pg_get_serial_sequence('commands', 'sequence'))",
    )
    await store.log.append([aRequest('a-1')])
    await stranger.query('ROLLBACK')
    await store.log.append([aRequest('a-1')])
    expect(await positionsOf(store)).toEqual([1, 2])
    await stranger.end()
  })

  it('a process that freezes while it holds the lock is let go of after its idle limit', async () => {
    const script = fileURLToPath(new URL('./frozen-process.ts', import.meta.url))
    const child = spawn(process.execPath, ['--conditions=@headwater/source', script, server ?? '', schema], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [told] = (await once(child.stdout, 'data')) as [Buffer]
    expect(String(told)).toBe('locked\n')
    child.kill('SIGSTOP')
    const [result] = await store.log.append([aRequest('a-1')])
    expect(result).toMatchObject({ status: 'appended', position: 1 })
    child.kill('SIGCONT')
    const [code] = (await once(child, 'exit')) as [number]
    // It was told that its transaction is over.
    expect(code).toBe(7)
    expect(await positionsOf(store)).toEqual([1])
  })
})
