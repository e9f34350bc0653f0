import type { DocumentWrite, Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { administer, openTrial, schemaOf, server } from './support.ts'

const aWrite = (key: string, document: string | null, collection = 'things'): DocumentWrite => ({
  collection,
  branch: 0,
  tenant: '',
  key,
  document,
  expectedVersion: undefined,
  position: undefined,
})

async function committer(store: Store, processor: string) {
  const lease = await store.leases.acquire(processor, processor, 60_000)
  if (lease === undefined) throw new Error('Somebody else has the lease')
  const commit = { processor, branch: 0, lease, checkpoint: undefined, park: [], unpark: [] }
  return (documents: readonly DocumentWrite[]) => store.progress.commit({ ...commit, documents })
}

async function deadlocks(): Promise<number> {
  const text =
    'SELECT pg_stat_force_next_flush(), deadlocks FROM pg_stat_database WHERE datname = current_database()'
  const [row] = (await administer(text)) as readonly { deadlocks: string }[]
  return Number(row?.deadlocks)
}

describe.skipIf(server === undefined)('documents in PostgreSQL, with several at once', () => {
  let store: Store
  let schema: string
  beforeEach(async () => {
    const database = randomUUID()
    schema = schemaOf(database)
    store = await openTrial({ database })
    await store.documents.define('things', ['n'], true)
    await store.documents.define('others', [])
  })
  afterEach(() => store.close())

  it('are written, replaced and deleted in any order without a deadlock', async () => {
    const before = await deadlocks()
    const keys = Array.from({ length: 60 }, (_, n) => `k${n}`)
    const run = async (processor: string, isBackwards: boolean): Promise<void> => {
      const commit = await committer(store, processor)
      for (let round = 0; round < 25; round += 1) {
        const writes = keys.map((key, n) =>
          aWrite(
            key,
            (n + round) % 7 === 0 ? null : `{"n":${round}}`,
            (n + round) % 3 === 0 ? 'others' : 'things',
          ),
        )
        await commit(isBackwards ? writes.toReversed() : writes)
      }
    }
    await Promise.all([run('one', false), run('two', true), run('three', false), run('four', true)])
    expect(await deadlocks()).toBe(before)
  })

  it('expected to be missing by two who make them at once are made by one of them', async () => {
    const commits = await Promise.all(['one', 'two', 'three'].map((name) => committer(store, name)))
    const outcomes = await Promise.allSettled(
      commits.map((commit, n) => commit([{ ...aWrite('k', `{"n":${n}}`), expectedVersion: 0 }])),
    )
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(refused).toHaveLength(2)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'log.document-conflict' })
  })

  it('of a collection that somebody reads for long are dropped at once, and their table later', async () => {
    const stranger = new pg.Client({ connectionString: server, options: `-c search_path=${schema}` })
    await stranger.connect()
    const tables = `SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname = '${schema}' AND relkind = 'r' AND relname LIKE 'collection\\_things%'`
    const [own] = (await administer(
      `SELECT table_name FROM ${schema}.collections WHERE name = 'things'`,
    )) as {
      table_name: string
    }[]
    await stranger.query('BEGIN')
    await stranger.query(`SELECT count(*) FROM ${own?.table_name}`)
    await store.documents.drop('things')
    await expect(store.documents.count('things', 0, '')).rejects.toMatchObject({ code: 'view.unknown' })
    await store.documents.define('things', ['n'])
    await (await committer(store, 'one'))([aWrite('k', '{"n":1}')])
    expect(await store.documents.count('things', 0, '')).toBe(1)
    expect(await administer(tables)).toHaveLength(3)
    await stranger.end()
    await store.documents.drop('others')
    expect(await administer(tables)).toHaveLength(1)
    expect(await store.documents.count('things', 0, '')).toBe(1)
  })

  it('that another process drops and makes anew are read where they are now', async () => {
    const other = await openTrial({ database: schema.slice('hw_'.length) })
    await (await committer(store, 'one'))([aWrite('k', '{"n":1}')])
    expect(await other.documents.count('things', 0, '')).toBe(1)
    await store.documents.drop('things')
    await expect(other.documents.get('things', 0, '', ['k'])).rejects.toMatchObject({ code: 'view.unknown' })
    await store.documents.define('things', ['n'])
    expect(await other.documents.get('things', 0, '', ['k'])).toEqual([undefined])
    const search = {
      collection: 'things',
      branch: 0,
      tenant: '',
      filters: [],
      sort: [],
      limit: 1,
      after: undefined,
    }
    await expect(other.documents.list({ ...search, search: ['x'] })).rejects.toMatchObject({
      code: 'view.invalid-query',
    })
    await store.documents.define('things', [], true)
    expect((await other.documents.list({ ...search, search: ['x'] })).items).toEqual([])
    await other.close()
  })
})
