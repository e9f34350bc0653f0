import type { DocumentQuery } from '@headwater/core'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { indexNameOf, keyIndexOf, tableNameOf } from '../src/collection.ts'
import { chooseIndex } from '../src/document-index.ts'
import { planPage, planWalk } from '../src/document-query.ts'
import { positionsByTags } from '../src/event-query.ts'
import { statementsOf } from '../src/sql.ts'
import { hasWords, isAmong } from '../src/word-index.ts'
import { newPath, openStore } from './support.ts'

/** What SQLite says how it would run a statement. */
function planOf(path: string, sql: string): string {
  const database = new Database(path, { readonly: true })
  const parameters = Array.from(sql.matchAll(/\?/g), () => 1)
  const rows = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters)
  database.close()
  return rows.map(({ detail }) => detail).join('\n')
}

const table = tableNameOf('orders')
const paths = ['total', 'address.city']
const indexes = new Set(paths.map((path) => indexNameOf(table, path)))
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

async function withOrders(): Promise<string> {
  const path = newPath()
  const store = await openStore({ path })
  await store.documents.define('orders', paths)
  return path
}

it.each<[string, Partial<DocumentQuery>]>([
  ['a filter', { filters: [{ path: 'address.city', operator: 'eq', value: 'Paris' }] }],
  ['a choice', { filters: [{ path: 'address.city', operator: 'in', value: ['Paris', 'Rome'] }] }],
  ['a range', { filters: [{ path: 'total', operator: 'gte', value: 5 }] }],
  ['a prefix', { filters: [{ path: 'address.city', operator: 'prefix', value: 'Pa' }] }],
])('%s that leaves few documents goes by its index', async (_, parts) => {
  const path = await withOrders()
  const query = aQuery({ ...parts, sort: [{ path: 'other', descending: true }] })
  const index = chooseIndex(query, { name: table, indexes }, () => true)
  for (const { sql } of planPage(query, table, index)) {
    expect(planOf(path, sql)).toMatch(/SEARCH \S+ USING INDEX \S+ \(branch=\? AND tenant=\? AND <expr>/)
  }
})

it.each<[string, Partial<DocumentQuery>]>([
  ['upwards', { sort: [{ path: 'total', descending: false }] }],
  ['downwards', { sort: [{ path: 'total', descending: true }] }],
  [
    'with a filter that leaves many',
    {
      ...aQuery({}),
      sort: [{ path: 'total', descending: true }],
      filters: [{ path: 'address.city', operator: 'ne', value: 'x' }],
    },
  ],
])('a sort %s walks its index', async (_, parts) => {
  const path = await withOrders()
  const query = aQuery(parts)
  const index = chooseIndex(query, { name: table, indexes }, () => false)
  for (const after of [undefined, [5, 'k']]) {
    const plans = planPage({ ...query, after }, table, index).map(({ sql }) => planOf(path, sql))
    expect(plans.join('\n')).not.toMatch(/SCAN \S*collection|TEMP B-TREE FOR ORDER BY/)
    expect(plans[0]).toMatch(after === undefined ? /SEARCH \S+ USING INDEX/ : /USING INDEX .*<expr>[<>]\?/)
  }
})

it('a sort by what has no index is left to SQLite', () => {
  const query = aQuery({ sort: [{ path: 'other', descending: false }] })
  expect(chooseIndex(query, { name: table, indexes }, () => true)).toBeUndefined()
})

it.each([
  [[]],
  [[{ path: 'total', descending: true }]],
  [[{ path: 'other', descending: true }]],
])('documents that may be found by words are looked up by their keys, whatever the sort: %j', async (sort) => {
  const path = newPath()
  await (await openStore({ path })).documents.define('orders', paths, true)
  const filters = [{ path: 'total', operator: 'gte', value: 5 } as const]
  const query = { ...aQuery({ sort, filters }), search: ['white', 'mug'] }
  for (const after of [undefined, [...sort.map(() => 5), 'k']]) {
    for (const { sql } of planPage(
      { ...query, after },
      table,
      keyIndexOf(table),
      isAmong(query, table, [], []),
    )) {
      const plan = planOf(path, sql)
      expect(plan).toMatch(
        /SEARCH collection_orders_\w+ USING PRIMARY KEY \(branch=\? AND tenant=\? AND key=\?\)/,
      )
      expect(plan).toMatch(/SEARCH collection_orders_\w+_words USING INTEGER PRIMARY KEY/)
    }
  }
})

it('a walk over documents goes by their order and looks their words up', async () => {
  const path = newPath()
  await (await openStore({ path })).documents.define('orders', paths, true)
  for (const [sort, index] of [
    [[], keyIndexOf(table)],
    [[{ path: 'total', descending: true }], indexNameOf(table, 'total')],
  ] as const) {
    const query = { ...aQuery({ sort }), search: ['mug'] }
    for (const { sql } of planWalk(query, table, index, hasWords(query, table))) {
      const plan = planOf(path, sql)
      expect(plan).not.toMatch(/SCAN collection|TEMP B-TREE FOR ORDER BY/)
      expect(plan).toMatch(
        /SEARCH collection_orders_\w+_words USING INDEX \S+ \(branch=\? AND tenant=\? AND key=\?\)/,
      )
    }
  }
})

it('tags are found by their index, the others of an item too', async () => {
  const scope = { branch: 0, tenant: '', after: 5, to: 90 }
  const plan = planOf(await withOrders(), positionsByTags({ tags: ['a', 'b'], types: ['T'] }, scope).sql)
  expect(plan).toMatch(
    /SEARCH tags USING PRIMARY KEY \(branch=\? AND tenant=\? AND tag=\? AND position>\? AND position<\?\)/,
  )
  expect(plan).toMatch(/SEARCH also0 .*\(branch=\? AND tenant=\? AND tag=\? AND position=\?\)/)
  expect(plan).not.toMatch(/SCAN (tags|also0)|TEMP B-TREE/)
})

it('every statement of an append seeks', async () => {
  const path = await withOrders()
  const sql = statementsOf('append')
  for (const name of ['head', 'last-revision', 'undo-command', 'undo-events', 'undo-tag']) {
    expect(planOf(path, sql(name))).not.toMatch(/SCAN (?!CONSTANT)/)
  }
  expect(planOf(path, statementsOf('type-ranges')('first-event'))).not.toMatch(/SCAN (type_ranges|events)/)
})

it('a page of main’s commands is read from where the one before ended, without sorting', async () => {
  const plan = planOf(await withOrders(), statementsOf('command-log')('read'))
  expect(plan).toMatch(/SEARCH commands USING INTEGER PRIMARY KEY \(rowid>\?\)/)
  expect(plan).not.toMatch(/TEMP B-TREE/)
})

it('commands are traced by their indexes', async () => {
  const sql = statementsOf('command-log')('trace').replaceAll(/:\w+/g, '?')
  const plan = planOf(await withOrders(), sql)
  expect(plan).toMatch(/commands_by_correlation/)
  expect(plan).toMatch(/commands_by_causation/)
  expect(plan).not.toMatch(/SCAN commands/)
})

it.each([
  [
    'find',
    'external_calls_by_key (branch=? AND tenant=? AND caller_id=? AND caller_kind=? AND caller_name=? AND caller_series=? AND external=? AND hash=? AND number=?)',
  ],
  ['latest', 'external_calls_by_request (branch=? AND tenant=? AND external=? AND hash=? AND settled_at<?)'],
  ['prune', 'external_calls_by_external (branch=? AND external=?)'],
  ['prune-branch', 'external_calls_by_external (branch=?)'],
])('calls to the outside: %s goes by its index', async (name, index) => {
  const path = newPath()
  await openStore({ path })
  const plan = planOf(path, statementsOf('external-journal')(name))
  expect(plan).toContain(index)
  expect(plan).not.toContain('TEMP B-TREE')
})
