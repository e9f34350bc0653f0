import type { SqlRow, Store } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { aRequest, append, openStore, to } from './support.ts'

const collection = 'things@1'

/** With a searchable collection that holds a word, and a table and a full-text index of a user's own. */
async function filled(): Promise<Store> {
  const store = await openStore()
  await store.documents.define(collection, [], true)
  const document = { collection, branch: 0, tenant: 'acme', key: 'k', document: '{}', words: 'secret' }
  const write = { ...document, expectedVersion: undefined, position: undefined }
  await append(store, aRequest([to('a-1')], { documents: [write] }))
  const statements = [
    'CREATE TABLE shop__notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)',
    `CREATE VIRTUAL TABLE shop__search USING fts5(text, content='shop__notes', content_rowid='id')`,
  ]
  await store.sql?.migrate('shop', [{ name: 'make', statements }])
  return store
}

async function asked(store: Store, sql: string): Promise<readonly SqlRow[]> {
  return (await store.sql?.query({ sql, parameters: [] })) ?? []
}

const index = 'collection_things_1_dccf9273ea31'

describe('a user’s statement about virtual tables', () => {
  it.each([
    `SELECT term FROM "${index}_terms"`,
    `SELECT rowid FROM "${index}_search"`,
    `SELECT 1 FROM shop__notes WHERE id IN (SELECT rowid FROM ${index}_search)`,
    'SELECT name FROM pragma_table_list',
    'SELECT name FROM dbstat',
  ])('may not read ours: %s', async (sql) => {
    await expect(asked(await filled(), sql)).rejects.toMatchObject({ code: 'sql.refused' })
  })

  it.each([
    `DELETE FROM "${index}_search"`,
    `INSERT INTO "${index}_search" ("${index}_search") VALUES ('delete-all')`,
    `INSERT INTO shop__notes (text) SELECT term FROM "${index}_terms"`,
  ])('may not change ours, nor copy from them: %s', async (sql) => {
    const store = await filled()
    const [result] = await append(store, aRequest([to('a-2')], { statements: [{ sql, parameters: [] }] }))
    expect(result).toMatchObject({ status: 'failed', error: { code: 'sql.refused' } })
    const query = { collection, branch: 0, tenant: 'acme', filters: [], sort: [], limit: 1 }
    const { items } = await store.documents.list({ ...query, after: undefined, search: ['secret'] })
    expect(items.map(({ key }) => key)).toEqual(['k'])
  })

  it.each([
    `CREATE VIRTUAL TABLE shop__spy USING fts5(data, content='events', content_rowid='position')`,
    'CREATE VIRTUAL TABLE shop__spy USING fts5(data, content = "events")',
    'CREATE VIRTUAL TABLE shop__spy USING fts5(data, content=events)',
    `CREATE VIRTUAL TABLE shop__spy USING fts5vocab('${index}_search', 'row')`,
    'CREATE VIRTUAL TABLE shop__spy USING dbstat(main)',
  ])('may not make one that looks into ours: %s', async (sql) => {
    const store = await filled()
    const step = store.sql?.migrate('shop', [{ name: 'spy', statements: [sql] }])
    await expect(step).rejects.toMatchObject({ code: 'sql.refused' })
  })

  it('may use its own, and those that read only what they are given', async () => {
    const store = await filled()
    const statements = [
      { sql: "INSERT INTO shop__notes (id, text) VALUES (1, 'green tea')", parameters: [] },
      { sql: "INSERT INTO shop__search (rowid, text) VALUES (1, 'green tea')", parameters: [] },
    ]
    const [result] = await append(store, aRequest([to('a-2')], { statements }))
    expect(result).toMatchObject({ status: 'appended' })
    const found = "SELECT text FROM shop__search WHERE shop__search MATCH 'tea'"
    expect(await asked(store, found)).toEqual([{ text: 'green tea' }])
    expect(await asked(store, "SELECT value FROM json_each('[7]')")).toEqual([{ value: 7 }])
    await store.sql?.migrate('shop', [{ name: 'away', statements: ['DROP TABLE shop__search'] }])
  })
})
