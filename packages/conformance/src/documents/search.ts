import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isHeadwaterError, type DocumentQuery, type DocumentWrite, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { aDocument, appended, appendOne, aRequest, freshId } from '../make.ts'
import { forAny } from '../property.ts'
import type { Trial } from '../trial.ts'
import { keysListed } from './query.ts'

async function searchable(trial: Trial, ...indexes: readonly string[]): Promise<Store> {
  const store = await trial.open()
  await store.documents.define('things', indexes, true)
  return store
}

/** Writes documents of which each is found by the given words. */
async function putWords(
  store: Store,
  words: Readonly<Record<string, string>>,
  parts: Partial<DocumentWrite> = {},
): Promise<void> {
  const documents = Object.entries(words).map(([key, own]) =>
    aDocument(key, { n: own.length }, { words: own, ...parts }),
  )
  await appended(store.log, aRequest([], { documents }))
}

async function found(
  store: Store,
  search: string,
  query: Partial<DocumentQuery> = {},
): Promise<readonly string[]> {
  return keysListed(store, { ...query, search: search.split(' ').filter((word) => word !== '') })
}

const people = {
  ada: 'ada lovelace london',
  grace: 'grace hopper new york',
  alan: 'alan turing london',
  adam: 'adam smith kirkcaldy',
}

const letters = ['a', 'b', 'ab', 'ba', 'aab', 'müller', '東', '7']
const someWords = fc.uniqueArray(fc.constantFrom(...letters), { maxLength: 4 })
const documentsByWords = fc.dictionary(fc.constantFrom('k', 'l', 'm', 'n', 'o', 'p'), someWords, {
  noNullPrototype: true,
})

export const searchLaws = [
  law('a search finds the documents that have all of its words', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, people)
    assert.deepEqual(await found(store, 'london'), ['ada', 'alan'])
    assert.deepEqual(await found(store, 'london turing'), ['alan'])
    assert.deepEqual(await found(store, 'london hopper'), [])
  }),

  law('of the last word of a search its beginning is enough, of the others it is not', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, people)
    assert.deepEqual(await found(store, 'ada lov'), ['ada'])
    assert.deepEqual(await found(store, 'ad'), ['ada', 'adam'])
    assert.deepEqual(await found(store, 'ad lovelace'), [])
    assert.deepEqual(await found(store, 'ada'), ['ada', 'adam'])
    assert.deepEqual(await found(store, 'ada ada'), ['ada'])
  }),

  law('a search finds nothing by what stands within or at the end of a word', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, people)
    for (const part of ['lace', 'ondon', 'da', 'adamant']) assert.deepEqual(await found(store, part), [])
  }),

  law('a search of no words finds every document', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, { ...people, nobody: '' })
    assert.deepEqual(await found(store, ''), ['ada', 'adam', 'alan', 'grace', 'nobody'])
  }),

  law('words that look like an operator of a search are words', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, { a: 'not and', b: 'or near', c: 'null' })
    assert.deepEqual(await found(store, 'not'), ['a'])
    assert.deepEqual(await found(store, 'near or'), ['b'])
    assert.deepEqual(await found(store, 'and not'), ['a'])
  }),

  law('words may be of letters and digits of any script', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, {
      greek: 'σοφοσ',
      han: '東 京',
      math: '𝄞𝄞 x',
      old: '𐌰𐌱',
      thai: 'ก',
      digits: '٣٤ 17',
    })
    assert.deepEqual(await found(store, 'σοφ'), ['greek'])
    assert.deepEqual(await found(store, '京 東'), ['han'])
    assert.deepEqual(await found(store, '𐌰'), ['old'])
    assert.deepEqual(await found(store, '17 ٣'), ['digits'])
  }),

  law('a long word is found by its beginning, however many words begin alike', async (trial) => {
    const store = await searchable(trial)
    const all = Object.fromEntries(
      Array.from({ length: 1_200 }, (_, index) => [`k${index}`, `extraordinary${index} ${index}`]),
    )
    await putWords(store, all)
    assert.equal((await found(store, 'extraordinary', { limit: 1_000 })).length, 1_200)
    assert.deepEqual([...(await found(store, 'extraordinary119'))].sort(), ['k119', ...tens('k119')])
    assert.deepEqual(await found(store, '7 extraordinary'), ['k7'])
  }),

  law('a document is found by the words that it was written with last', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, { k: 'one two' })
    await putWords(store, { k: 'two three' })
    assert.deepEqual(await found(store, 'one'), [])
    assert.deepEqual(await found(store, 'two'), ['k'])
    await appended(store.log, aRequest([], { documents: [aDocument('k', {})] }))
    assert.deepEqual(await found(store, 'three'), [])
    assert.deepEqual(await found(store, ''), ['k'])
  }),

  law('a document that is deleted is not found, and found again when it is made anew', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, { k: 'one', l: 'one' })
    await appended(store.log, aRequest([], { documents: [aDocument('k', null)] }))
    assert.deepEqual(await found(store, 'one'), ['l'])
    await putWords(store, { k: 'two' })
    assert.deepEqual(await found(store, 'two'), ['k'])
    assert.deepEqual(await found(store, 'one'), ['l'])
  }),

  law(
    'a document that was not written leaves its words as they were',
    async (trial) => {
      const store = await searchable(trial)
      await putWords(store, { k: 'one', l: 'one' })
      const refused = [
        aDocument('l', {}, { words: 'two' }),
        aDocument('k', {}, { words: 'two', expectedVersion: 77 }),
      ]
      const result = await appendOne(store.log, aRequest([], { documents: refused }))
      assert.equal(result.status, 'document-conflict')
      assert.deepEqual(await found(store, 'one'), ['k', 'l'])
      assert.deepEqual(await found(store, 'two'), [])
    },
    'besideLog',
  ),

  law(
    'a document that a processor commits is found by its words',
    async (trial) => {
      const store = await searchable(trial)
      const lease = await store.leases.acquire('p', 'me', 60_000)
      assert.ok(lease)
      const commit = { processor: 'p', branch: 0, lease, checkpoint: undefined, park: [], unpark: [] }
      await store.progress.commit({ ...commit, documents: [aDocument('k', {}, { words: 'committed' })] })
      assert.deepEqual(await found(store, 'commit'), ['k'])
    },
    'besideLog',
  ),

  law('a search finds the documents of its own tenant and branch', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, { k: 'word', none: 'word' })
    await putWords(store, { k: 'word', t: 'word' }, { tenant: 't' })
    await putWords(store, { k: 'other', b: 'word' }, { branch: 1 })
    assert.deepEqual(await found(store, 'word'), ['k', 'none'])
    assert.deepEqual(await found(store, 'word', { tenant: 't' }), ['k', 't'])
    assert.deepEqual(await found(store, 'word', { branch: 1 }), ['b'])
    assert.deepEqual(await found(store, 'word', { tenant: 't', branch: 1 }), [])
  }),

  law('a collection that is not searchable refuses a search', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', ['n'])
    await putWords(store, { k: 'word' })
    await assert.rejects(found(store, 'word'), (error) => isHeadwaterError(error, 'view.invalid-query'))
  }),

  law('a collection that becomes searchable finds what is written from then on', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await putWords(store, { before: 'word' })
    await store.documents.define('things', [], true)
    await store.documents.define('things', [])
    await putWords(store, { after: 'word' })
    assert.deepEqual(await found(store, 'word'), ['after'])
    await putWords(store, { before: 'word' })
    assert.deepEqual(await found(store, 'word'), ['after', 'before'])
  }),

  law('a searchable collection that is dropped and defined anew finds nothing of before', async (trial) => {
    const store = await searchable(trial)
    await putWords(store, { k: 'word' })
    await store.documents.drop('things')
    await store.documents.define('things', [], true)
    assert.deepEqual(await found(store, 'word'), [])
    await putWords(store, { l: 'word' })
    assert.deepEqual(await found(store, 'word'), ['l'])
  }),

  law(
    'what was found by its words is found by them after a restart',
    async (trial) => {
      const store = await searchable(trial)
      await putWords(store, people)
      await store.close()
      const again = await trial.open()
      assert.deepEqual(await found(again, 'london a'), ['ada', 'alan'])
    },
    'durable',
  ),

  law('any search gives each match once, in the order of the query, in pages of any size', async (trial) => {
    const store = await trial.open()
    await forAny(
      trial,
      [documentsByWords, someWords, fc.integer({ min: 1, max: 4 })],
      (_, documents, words, limit) => likeTheModel(store, documents, words, limit),
      { runs: 60 },
    )
  }),
]

function tens(begin: string): readonly string[] {
  return Array.from({ length: 10 }, (_, digit) => `${begin}${digit}`)
}

async function likeTheModel(
  store: Store,
  documents: Readonly<Record<string, readonly string[]>>,
  search: readonly string[],
  limit: number,
): Promise<void> {
  const collection = freshId('searched')
  await store.documents.define(collection, ['n'], true)
  const writes = Object.entries(documents).map(([key, words]) =>
    aDocument(key, { n: words.length }, { collection, words: words.join(' ') }),
  )
  await appended(store.log, aRequest([], { documents: writes }))
  const whole = search.slice(0, -1)
  const beginning = search.at(-1) ?? ''
  const matching = Object.entries(documents).filter(
    ([, words]) =>
      whole.every((word) => words.includes(word)) &&
      (search.length === 0 || words.some((word) => word.startsWith(beginning))),
  )
  for (const descending of [false, true]) {
    const keys = matching
      .toSorted(
        ([one, a], [other, b]) =>
          (descending ? b.length - a.length : a.length - b.length) || (one < other ? -1 : 1),
      )
      .map(([key]) => key)
    const sort = [{ path: 'n', descending }]
    assert.deepEqual(
      await keysListed(store, { collection, search, sort, limit }),
      keys,
      JSON.stringify(search),
    )
    const filters = [{ path: 'n', operator: 'gte' as const, value: 2 }]
    const longer = keys.filter((key) => (documents[key] ?? []).length >= 2)
    assert.deepEqual(await keysListed(store, { collection, search, sort, filters, limit }), longer)
  }
  await store.documents.drop(collection)
}
