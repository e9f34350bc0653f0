import type { DocumentQuery, DocumentWrite, Store } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { aRequest, append, openStore } from './support.ts'

/** More than a search looks at one by one before it tries to walk. */
const many = 14_000

interface Written {
  readonly key: string
  readonly n: number
  readonly words: readonly string[]
}

/** Documents of which all have `common`, half have `odd`, the last tenth has `late`, and one in a thousand has `rare`. */
const documents: readonly Written[] = Array.from({ length: many }, (_, n) => ({
  key: `k${String(n).padStart(6, '0')}`,
  n,
  words: [
    'common',
    `common${n}`,
    n % 2 === 1 ? 'odd' : 'even',
    ...(n >= many * 0.9 ? ['late'] : []),
    ...(n % 1_000 === 7 ? ['rare'] : []),
  ],
}))

async function filled(): Promise<Store> {
  const store = await openStore()
  await store.documents.define('things', ['n', 'group'], true)
  for (let from = 0; from < many; from += 2_000) {
    const writes = documents.slice(from, from + 2_000).flatMap(({ key, n, words }): DocumentWrite[] => {
      const common = { collection: 'things', branch: 0, expectedVersion: undefined, position: undefined }
      const document = JSON.stringify({ n, m: -n, group: n % 100 })
      const own = { ...common, key, tenant: '', document, words: words.join(' ') }
      // What another tenant has is always in the way.
      return [own, { ...own, tenant: 'other', words: 'common odd late rare' }]
    })
    await append(store, aRequest([], { documents: writes }))
  }
  return store
}

function expected(search: readonly string[], filter: (written: Written) => boolean = () => true): Written[] {
  const last = search.at(-1) ?? ''
  return documents
    .filter(filter)
    .filter(
      ({ words }) =>
        search.slice(0, -1).every((word) => words.includes(word)) &&
        words.some((word) => word.startsWith(last)),
    )
}

const searches = [
  ['common'],
  ['odd', 'comm'],
  ['odd', 'late'],
  ['even', 'odd'],
  ['rare'],
  ['common13999'],
  ['late'],
]
const orders: readonly (readonly [string, DocumentQuery['sort']])[] = [
  ['by key', []],
  ['by an index', [{ path: 'n', descending: false }]],
  ['by an index downwards', [{ path: 'n', descending: true }]],
  ['by what has no index', [{ path: 'm', descending: false }]],
]

describe('a search among many documents', () => {
  it('finds what a scan of everything finds, in order, page after page', async () => {
    const { documents: port } = await filled()
    for (const search of searches) {
      const all = expected(search).map(({ key }) => key)
      for (const [name, sort] of orders) {
        const isDownwards = name === 'by an index downwards' || name === 'by what has no index'
        const keys = isDownwards ? all.toReversed() : all
        const query = { collection: 'things', branch: 0, tenant: '', filters: [], sort, search, limit: 100 }
        const first = await port.list({ ...query, after: undefined })
        expect(
          first.items.map(({ key }) => key),
          `${search.join(' ')} ${name}`,
        ).toEqual(keys.slice(0, 100))
        expect(first.next === undefined).toBe(keys.length <= 100)
        if (first.next === undefined) continue
        const second = await port.list({ ...query, after: first.next })
        expect(second.items.map(({ key }) => key)).toEqual(keys.slice(100, 200))
      }
    }
  })

  it('finds what filters leave of it', async () => {
    const { documents: port } = await filled()
    const query = { collection: 'things', branch: 0, tenant: '', sort: [], limit: 1_000, after: undefined }
    const some = await port.list({
      ...query,
      search: ['odd', 'common'],
      filters: [{ path: 'group', operator: 'eq', value: 17 }],
    })
    expect(some.items.map(({ key }) => key)).toEqual(
      expected(['odd', 'common'], ({ n }) => n % 100 === 17).map(({ key }) => key),
    )
    const others = await port.list({
      ...query,
      search: ['common'],
      filters: [{ path: 'm', operator: 'lt', value: 50 - many }],
    })
    expect(others.items.map(({ key }) => key)).toEqual(
      expected(['common'], ({ n }) => n > many - 50).map(({ key }) => key),
    )
  })
})
