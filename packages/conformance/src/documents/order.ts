import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Sort, Store } from '@headwater/core'
import { law } from '../law.ts'
import { freshId } from '../make.ts'
import { forAny } from '../property.ts'
import { collections, paths, queries, type QueryParts } from './arbitrary.ts'
import { modelList } from './model.ts'
import { aQuery, keysListed, pagesOf, put } from './query.ts'

/** In the order of their values; keys that share one are in the order of the keys. */
const ordered = {
  absent: {},
  nothing: { v: null },
  minus: { v: -1 },
  false: { v: false },
  zero: { v: 0 },
  half: { v: 0.5 },
  one: { v: 1 },
  true: { v: true },
  two: { v: 2 },
  ten: { v: 10 },
  empty: { v: '' },
  textTen: { v: '10' },
  textTwo: { v: '2' },
  upper: { v: 'B' },
  list: { v: [1] },
  lower: { v: 'a' },
  object: { v: { w: 1 } },
  umlaut: { v: 'ä' },
  end: { v: '\uFFFF' },
  clef: { v: '𝄞' },
}

const byValue: Sort = { path: 'v', descending: false }

export const orderLaws = [
  law('nulls come first, then numbers, then text by code points', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await put(store, Object.fromEntries(Object.entries(ordered).reverse()))
    assert.deepEqual(await keysListed(store, { sort: [byValue] }), Object.keys(ordered))
  }),

  law('an index does not change the order', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', ['v'])
    await put(store, Object.fromEntries(Object.entries(ordered).reverse()))
    assert.deepEqual(await keysListed(store, { sort: [byValue] }), Object.keys(ordered))
  }),

  law('without a sort documents stand in the order of their keys’ code points', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await put(store, Object.fromEntries(['𝄞', 'b', '\uFFFF', 'a', 'B', 'ä', 'ab'].map((key) => [key, {}])))
    assert.deepEqual(await keysListed(store, { limit: 2 }), ['B', 'a', 'ab', 'b', 'ä', '\uFFFF', '𝄞'])
  }),

  law('ties are broken by the key, upwards, in a sort downwards too', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await put(store, { c: { v: 1 }, a: { v: 1 }, d: { v: 2 }, b: { v: 1 } })
    const sort = [{ path: 'v', descending: true }]
    assert.deepEqual(await keysListed(store, { sort, limit: 1 }), ['d', 'a', 'b', 'c'])
  }),

  law('a sort by two paths goes by the first one first', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await put(store, { a: { v: 1, w: 1 }, b: { v: 2, w: 2 }, c: { v: 1, w: 3 }, d: { v: 2, w: 4 } })
    const sort = [byValue, { path: 'w', descending: true }]
    assert.deepEqual(await keysListed(store, { sort, limit: 1 }), ['c', 'a', 'd', 'b'])
  }),

  law('a sort by $key downwards is the reverse of one upwards', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await put(store, { a: {}, b: {}, c: {} })
    assert.deepEqual(await keysListed(store, { sort: [{ path: '$key', descending: true }], limit: 2 }), [
      'c',
      'b',
      'a',
    ])
  }),

  law('a full page that is the last one says so', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await put(store, { a: {}, b: {}, c: {}, d: {} })
    const pages = await pagesOf(store, aQuery({ limit: 2 }))
    assert.deepEqual(
      pages.map(({ items }) => items.length),
      [2, 2],
    )
  }),

  law('the next page begins after the values and the key of the last document', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await put(store, { a: { v: 'x', w: null }, b: { v: 'x', w: 2.5 }, c: { v: 'y' } })
    const sort = [byValue, { path: 'w', descending: false }]
    const { next } = await store.documents.list(aQuery({ sort, limit: 1 }))
    assert.deepEqual(next, ['x', null, 'a'])
  }),

  law('a page goes on behind its cursor, whatever was written or deleted before it', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', ['v'])
    await put(store, { b: { v: 1 }, d: { v: 1 }, f: { v: 1 } })
    const { items, next } = await store.documents.list(aQuery({ sort: [byValue], limit: 2 }))
    assert.deepEqual(
      items.map(({ key }) => key),
      ['b', 'd'],
    )
    await put(store, { a: { v: 1 }, c: { v: 1 }, d: null, e: { v: 1 }, g: { v: 0 } })
    const rest = await store.documents.list(aQuery({ sort: [byValue], after: next }))
    assert.deepEqual(
      rest.items.map(({ key }) => key),
      ['e', 'f'],
    )
  }),

  law('any query on any documents gives each match once, in order, in pages of any size', async (trial) => {
    const store = await trial.open()
    await forAny(
      trial,
      [collections, queries, fc.subarray([...paths])],
      (_, given, asked, indexes) => likeTheModel(store, given, asked, indexes),
      { runs: 60 },
    )
  }),
]

async function likeTheModel(
  store: Store,
  given: Readonly<Record<string, unknown>>,
  asked: readonly QueryParts[],
  indexes: readonly string[],
): Promise<void> {
  const collection = freshId('collection')
  await store.documents.define(collection, indexes)
  await put(store, given, collection)
  for (const query of asked) {
    const keys = await keysListed(store, { ...query, collection })
    assert.deepEqual(keys, modelList(given, query), JSON.stringify(query))
  }
  await store.documents.drop(collection)
}
