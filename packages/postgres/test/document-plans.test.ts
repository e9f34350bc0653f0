import type { DocumentQuery, DocumentWrite, Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planPage } from '../src/document-query.ts'
import { openTrial, schemaOf, server } from './support.ts'
import { writeTo } from './documents.ts'

const many = 4_000

const aQuery = (parts: Partial<DocumentQuery>): DocumentQuery => ({
  collection: 'orders',
  branch: 0,
  tenant: '',
  limit: 10,
  filters: [],
  sort: [],
  after: undefined,
  ...parts,
})

describe.skipIf(server === undefined)('a query over many documents in PostgreSQL', () => {
  const database = randomUUID()
  const schema = schemaOf(database)
  let store: Store
  let table = ''
  let client: pg.Client
  beforeAll(async () => {
    store = await openTrial({ database })
    await store.documents.define('orders', ['total', 'address.city'], true)
    const documents = Array.from({ length: many }, (_, n): DocumentWrite => {
      const document = JSON.stringify({ total: n % 1_000, address: { city: `city ${n % 500}` }, other: n })
      const key = `k${String(n).padStart(6, '0')}`
      const words = `order city${n % 500} ${n === 7 ? 'rare' : 'common'}`
      return { ...aQuery({}), key, document, words, expectedVersion: undefined, position: undefined }
    })
    await writeTo(store, documents)
    client = new pg.Client({ connectionString: server, options: `-c search_path=${schema}` })
    await client.connect()
    const { rows } = await client.query<{ table_name: string }>('SELECT table_name FROM collections')
    table = rows[0]?.table_name ?? ''
    await client.query(`VACUUM ANALYZE ${table}, ${table}_words`)
  })
  afterAll(async () => {
    await client.end()
    await store.close()
  })

  /** What PostgreSQL says how it would run it. */
  async function planOf(parts: Partial<DocumentQuery>): Promise<string> {
    const { text, values } = planPage(aQuery(parts), table, 'beginnings')
    const given = values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value))
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, given)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  it.each<[string, Partial<DocumentQuery>]>([
    ['a filter', { filters: [{ path: 'address.city', operator: 'eq', value: 'city 7' }] }],
    ['a choice', { filters: [{ path: 'address.city', operator: 'in', value: ['city 7', 'city 9'] }] }],
    ['a prefix', { filters: [{ path: 'address.city', operator: 'prefix', value: 'city 49' }] }],
    [
      'a range',
      {
        filters: [
          { path: 'total', operator: 'gte', value: 5 },
          { path: 'total', operator: 'lt', value: 7 },
        ],
      },
    ],
  ])('goes by the index of %s that leaves few', async (_, parts) => {
    const plan = await planOf({ ...parts, sort: [{ path: 'other', descending: true }] })
    expect(plan).toMatch(/Index Scan.*\n?.*Index Cond: .*branch = .*tenant = .*scalar_at/s)
    expect(plan).not.toMatch(/Seq Scan/)
  })

  it.each<[string, Partial<DocumentQuery>]>([
    ['upwards', { sort: [{ path: 'total', descending: false }] }],
    ['upwards from a cursor', { sort: [{ path: 'total', descending: false }], after: [500, 'k000500'] }],
    ['downwards', { sort: [{ path: 'total', descending: true }] }],
    ['downwards from a cursor', { sort: [{ path: 'total', descending: true }], after: [500, 'k000500'] }],
    [
      'by two paths',
      {
        sort: [
          { path: 'total', descending: true },
          { path: 'other', descending: false },
        ],
      },
    ],
  ])('walks the index of a sort %s', async (_, parts) => {
    const plan = await planOf(parts)
    expect(plan).toMatch(/Index Scan/)
    // What shares a value is sorted by its key; nothing else is.
    expect(plan).not.toMatch(/Seq Scan|^\s*->\s+Sort/m)
    expect(/Index Cond: .*(?:>=?|<=) /.test(plan)).toBe(parts.after !== undefined)
  })

  it('walks the keys where there is no sort', async () => {
    const plan = await planOf({ after: ['k000100'] })
    expect(plan).toMatch(/Index Scan using \S+_pkey/)
    expect(plan).toMatch(/Index Cond: .*key > /)
    expect(plan).not.toMatch(/Sort/)
  })

  it('looks rare words up in their index', async () => {
    const plan = await planOf({ search: ['rare'], sort: [{ path: 'other', descending: false }] })
    expect(plan).toMatch(/Bitmap Index Scan on \S+_words_words_idx/)
    expect(plan).not.toMatch(/Seq Scan/)
  })
})
