import type { DocumentQuery, DocumentWrite, Filter, Scalar, Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareText } from '@headwater/core/order'
import { openTrial, server } from './support.ts'
import { writeTo } from './documents.ts'

const aWrite = (key: string, document: string | Uint8Array | null): DocumentWrite => ({
  collection: 'things',
  branch: 0,
  tenant: '',
  key,
  document,
  expectedVersion: undefined,
  position: undefined,
})

const aQuery = (parts: Partial<DocumentQuery> = {}): DocumentQuery => ({
  collection: 'things',
  branch: 0,
  tenant: '',
  filters: [],
  sort: [],
  limit: 100,
  after: undefined,
  ...parts,
})

/** Values that PostgreSQL has no text for, and some that look like how they are kept. */
const strange = [
  '\u0000',
  'a\u0000b',
  '\ud834',
  '\udd1e',
  '\ud834\udd1e',
  '\udd1e\ud834',
  'a\ud834b',
  '\\u0000',
  '\\',
  '\\\\ud834',
  '\ufdd0',
  '\ufdd00000',
  '\ufdd0005c',
  '\uffff',
  '\u{10ffff}',
  'a',
  '',
]

describe.skipIf(server === undefined)('values of documents in PostgreSQL', () => {
  const database = randomUUID()
  let store: Store
  beforeAll(async () => {
    store = await openTrial({ database })
  })
  afterAll(async () => {
    await store.close()
  })

  async function keysOf(parts: Partial<DocumentQuery>): Promise<readonly string[]> {
    const keys: string[] = []
    let after: DocumentQuery['after']
    do {
      const page = await store.documents.list(aQuery({ ...parts, limit: 3, after }))
      keys.push(...page.items.map(({ key }) => key))
      after = page.next
    } while (after !== undefined)
    return keys
  }

  it.each([
    false,
    true,
  ])('come back and are ordered whatever letters they hold, by an index: %s', async (isIndexed) => {
    await store.documents.drop('things')
    await store.documents.define('things', isIndexed ? ['v'] : [])
    await writeTo(
      store,
      strange.map((v, index) => aWrite(`k${index}`, JSON.stringify({ v, '\u0000': ['\ud834', v] }))),
    )
    const order = strange
      .map((v, index) => ({ v, key: `k${index}` }))
      .toSorted((one, other) => compareText(one.v, other.v))
    expect(await keysOf({ sort: [{ path: 'v', descending: false }] })).toEqual(order.map(({ key }) => key))
    const rows = await store.documents.get(
      'things',
      0,
      '',
      order.map(({ key }) => key),
    )
    expect(rows.map((row) => JSON.parse(String(row?.document)).v)).toEqual(order.map(({ v }) => v))
    for (const [index, value] of strange.entries()) {
      const filters: Filter[] = [{ path: 'v', operator: 'eq', value }]
      expect(await keysOf({ filters })).toEqual([`k${index}`])
    }
  })

  it('that are objects or lists count as their JSON text, whatever letters it holds', async () => {
    await store.documents.drop('things')
    await store.documents.define('things', ['v'])
    const values = [['\u0000'], { a: '\ud834\\\ufdd0' }, ['\ud834\udd1e']]
    await writeTo(
      store,
      values.map((v, index) => aWrite(`k${index}`, JSON.stringify({ v }))),
    )
    for (const [index, value] of values.entries()) {
      const filters: Filter[] = [{ path: 'v', operator: 'eq', value: JSON.stringify(value) }]
      expect(await keysOf({ filters })).toEqual([`k${index}`])
    }
  })

  it('that are longer than an index holds are ordered and found as a whole', async () => {
    await store.documents.drop('things')
    await store.documents.define('things', ['v'])
    const long = 'ä€𝄞x'.repeat(200)
    const values: Scalar[] = ['b', 'a', '', 'z'].map((end) => long + end)
    await writeTo(
      store,
      values.map((v, index) => aWrite(`k${index}`, JSON.stringify({ v }))),
    )
    const found = (filter: Omit<Filter, 'path'>) => keysOf({ filters: [{ path: 'v', ...filter }] })
    expect(await keysOf({ sort: [{ path: 'v', descending: false }] })).toEqual(['k2', 'k1', 'k0', 'k3'])
    expect(await keysOf({ sort: [{ path: 'v', descending: true }] })).toEqual(['k3', 'k0', 'k1', 'k2'])
    expect(await found({ operator: 'eq', value: `${long}a` })).toEqual(['k1'])
    expect(await found({ operator: 'ne', value: `${long}a` })).toEqual(['k0', 'k2', 'k3'])
    expect(await found({ operator: 'in', value: [`${long}a`, long, 'x'] })).toEqual(['k1', 'k2'])
    expect(await found({ operator: 'gt', value: `${long}a` })).toEqual(['k0', 'k3'])
    expect(await found({ operator: 'lte', value: `${long}a` })).toEqual(['k1', 'k2'])
    expect(await found({ operator: 'prefix', value: long })).toEqual(['k0', 'k1', 'k2', 'k3'])
    expect(await found({ operator: 'prefix', value: `${long}z` })).toEqual(['k3'])
  })

  it('are nothing where a document is no JSON', async () => {
    await store.documents.drop('things')
    await store.documents.define('things', ['v'])
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const documents = ['', 'v: 1', '{"v":1', '\u0000{"v":1}', '\ud834', deep]
    await writeTo(store, [
      ...documents.map((document, index) => aWrite(`k${index}`, document)),
      aWrite('bytes', new TextEncoder().encode('{"v":1}')),
      aWrite('one', '{"v":1}'),
    ])
    expect(await keysOf({ filters: [{ path: 'v', operator: 'ne', value: null }] })).toEqual(['one'])
    expect(await keysOf({ sort: [{ path: 'v', descending: true }] })).toHaveLength(8)
    const rows = await store.documents.get(
      'things',
      0,
      '',
      documents.map((_, index) => `k${index}`),
    )
    expect(rows.map((row) => row?.document)).toEqual(documents)
  })

  it('that are numbers beyond a double are what JavaScript reads', async () => {
    await store.documents.drop('things')
    await store.documents.define('things', ['v'])
    const numbers = ['-1e400', '-1.7e308', '-0.0', '1e-400', '5e-324', '1', '9007199254740993', '1e400']
    await writeTo(
      store,
      numbers.map((number, index) => aWrite(`k${index}`, `{"v":${number}}`)),
    )
    expect(await keysOf({ sort: [{ path: 'v', descending: false }] })).toEqual(
      numbers.map((_, index) => `k${index}`),
    )
    expect(await keysOf({ filters: [{ path: 'v', operator: 'eq', value: 2 ** 53 }] })).toEqual(['k6'])
    expect(await keysOf({ filters: [{ path: 'v', operator: 'eq', value: 0 }] })).toEqual(['k2', 'k3'])
  })

  it('may have a key of any text, and are listed in the order of keys', async () => {
    await store.documents.drop('things')
    await store.documents.define('things', [])
    const keys = [
      '',
      '\u0000',
      '\u0000\u0000',
      '\u0001',
      '\u0001\u0000',
      '\u0002',
      'a',
      'a\u0000',
      'a\u0001',
      '𝄞',
    ]
    await writeTo(
      store,
      keys.toReversed().map((key) => aWrite(key, JSON.stringify({ key }))),
    )
    expect(await keysOf({})).toEqual(keys)
    const rows = await store.documents.get('things', 0, '', keys)
    expect(rows.map((row) => row?.key)).toEqual(keys)
    expect(await keysOf({ filters: [{ path: '$key', operator: 'prefix', value: 'a' }] })).toEqual([
      'a',
      'a\u0000',
      'a\u0001',
    ])
    expect(await keysOf({ filters: [{ path: '$key', operator: 'gt', value: 'a\u0000' }] })).toEqual([
      'a\u0001',
      '𝄞',
    ])
    await writeTo(store, [aWrite('\ud834', '1'), aWrite('\udd1e', '2')])
    const broken = await store.documents.get('things', 0, '', ['\udd1e', '\ud834'])
    expect(broken.map((row) => [row?.key, row?.document])).toEqual([
      ['\udd1e', '2'],
      ['\ud834', '1'],
    ])
    await expect(writeTo(store, [aWrite('k'.repeat(3_000), '1')])).rejects.toMatchObject({
      code: 'view.store-refused',
    })
  })

  it('are found by more words than an index holds of one document', async () => {
    await store.documents.define('searched', [], true)
    const words = Array.from({ length: 120_000 }, (_, n) => `word${n}x`).join(' ')
    await writeTo(store, [
      { ...aWrite('many', '{}'), collection: 'searched', words },
      { ...aWrite('few', '{}'), collection: 'searched', words: 'word7x seven' },
    ])
    const found = (...search: string[]) => keysOf({ collection: 'searched', search })
    expect(await found('word119999x')).toEqual(['many'])
    expect(await found('word7x')).toEqual(['few', 'many'])
    expect(await found('word7x', 'sev')).toEqual(['few'])
    expect(await found('ord7x')).toEqual([])
    expect(await found('word7', 'word8x')).toEqual([])
  })
})
