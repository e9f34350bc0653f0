import assert from 'node:assert/strict'
import { firstChosenVersion, isHeadwaterError, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { aDocument, appended, aRequest } from '../make.ts'
import type { Trial } from '../trial.ts'
import { aQuery, keysListed, listed, put } from './query.ts'

async function opened(trial: Trial, ...indexes: readonly string[]): Promise<Store> {
  const store = await trial.open()
  await store.documents.define('things', indexes)
  return store
}

const strangeKeys = ['', ' ', '%', '_', "'", '"', '\\', 'A', 'a', 'a-1', 'a/b', 'é', '\uFFFD', '𝄞']

export const documentLaws = [
  law('a collection is empty when it is defined', async (trial) => {
    const { documents } = await opened(trial)
    assert.equal(await documents.count('things', 0, ''), 0)
    assert.deepEqual(await documents.list(aQuery()), { items: [], next: undefined })
  }),

  law('a collection that is defined again keeps its documents, whatever its indexes', async (trial) => {
    const store = await opened(trial, 'n')
    await put(store, { k: { n: 1 } })
    await store.documents.define('things', ['n', 'm.x'])
    await store.documents.define('things', [])
    assert.deepEqual(await keysListed(store, {}), ['k'])
  }),

  law('defining a collection in a race is no error', async (trial) => {
    const store = await trial.open()
    await Promise.all(Array.from({ length: 8 }, () => store.documents.define('things', ['n'])))
    await put(store, { k: { n: 1 } })
    assert.deepEqual(await keysListed(store, {}), ['k'])
  }),

  law('a collection that is dropped and defined anew is empty', async (trial) => {
    const store = await opened(trial, 'n')
    await put(store, { k: { n: 1 } })
    await store.documents.drop('things')
    await store.documents.define('things', ['m'])
    assert.equal(await store.documents.count('things', 0, ''), 0)
    await put(store, { l: { m: 1 } })
    assert.deepEqual(await keysListed(store, {}), ['l'])
  }),

  law('dropping a collection leaves the others alone', async (trial) => {
    const store = await opened(trial)
    await store.documents.define('things-2', [])
    await put(store, { k: 1 })
    await put(store, { k: 2 }, 'things-2')
    await store.documents.drop('things')
    const [row] = await store.documents.get('things-2', 0, '', ['k'])
    assert.equal(row?.document, '2')
  }),

  law('dropping what is not there is no error', async (trial) => {
    const { documents } = await trial.open()
    await documents.drop('nothing')
    await assert.rejects(documents.count('nothing', 0, ''), isUnknown)
  }),

  law('collections of similar names stay apart', async (trial) => {
    const store = await trial.open()
    const names = ['a', 'A', 'a-b', 'a.b', 'a_b', 'a@1', 'a@2']
    for (const [n, name] of names.entries()) {
      await store.documents.define(name, ['n'])
      await put(store, { k: { n } }, name)
    }
    for (const [n, name] of names.entries()) {
      const [row] = await store.documents.get(name, 0, '', ['k'])
      assert.equal(row?.document, `{"n":${n}}`)
    }
  }),

  law('a collection that nobody defined is unknown', async (trial) => {
    const { documents } = await trial.open()
    await assert.rejects(documents.get('nothing', 0, '', ['k']), isUnknown)
    await assert.rejects(documents.list(aQuery({ collection: 'nothing' })), isUnknown)
    await assert.rejects(documents.count('nothing', 0, ''), isUnknown)
  }),

  law('documents are given in the order of the keys asked for', async (trial) => {
    const store = await opened(trial)
    await put(store, { a: 1, b: 2, c: 3 })
    const rows = await store.documents.get('things', 0, '', ['c', 'nothing', 'a', 'c'])
    assert.deepEqual(
      rows.map((row) => row?.document),
      ['3', undefined, '1', '3'],
    )
    assert.deepEqual(await store.documents.get('things', 0, '', []), [])
  }),

  law('hundreds of documents are given at once', async (trial) => {
    const store = await opened(trial)
    const keys = Array.from({ length: 700 }, (_, index) => `k-${index}`)
    await put(store, Object.fromEntries(keys.map((key) => [key, { key }])))
    const rows = await store.documents.get('things', 0, '', keys)
    assert.deepEqual(
      rows.map((row) => row?.key),
      keys,
    )
  }),

  law('a key may be any text', async (trial) => {
    const store = await opened(trial)
    await put(store, Object.fromEntries(strangeKeys.map((key) => [key, { key }])))
    assert.deepEqual([...(await keysListed(store, { limit: 3 }))].sort(), [...strangeKeys].sort())
    const rows = await store.documents.get('things', 0, '', strangeKeys)
    assert.deepEqual(
      rows.map((row) => row?.document),
      strangeKeys.map((key) => JSON.stringify({ key })),
    )
  }),

  law('a list gives what a get gives', async (trial) => {
    const store = await opened(trial)
    await put(store, { a: { n: 1 }, b: { n: 2 } })
    await put(store, { b: { n: 3 } })
    const rows = await store.documents.get('things', 0, '', ['a', 'b'])
    assert.deepEqual(await listed(store, {}), rows)
    assert.deepEqual(await listed(store, { sort: [{ path: 'n', descending: false }] }), rows)
  }),

  law('a document of bytes comes back as bytes', async (trial) => {
    const store = await opened(trial)
    const document = Uint8Array.of(123, 34, 0, 255)
    await appended(store.log, aRequest([], { documents: [{ ...aDocument('k', 1), document }] }))
    for (const row of [
      ...(await store.documents.get('things', 0, '', ['k'])),
      ...(await listed(store, {})),
    ]) {
      assert.ok(row?.document instanceof Uint8Array)
      assert.deepEqual([...row.document], [...document])
    }
  }),

  law('documents are counted by tenant and branch', async (trial) => {
    const store = await opened(trial)
    const documents = [
      aDocument('a', 1),
      aDocument('b', 1),
      aDocument('a', 1, { tenant: 't' }),
      ...['a', 'b', 'c'].map((key) => aDocument(key, 1, { branch: 1 })),
    ]
    await appended(store.log, aRequest([], { documents }))
    const counts = await Promise.all([
      store.documents.count('things', 0, ''),
      store.documents.count('things', 0, 't'),
      store.documents.count('things', 1, ''),
      store.documents.count('things', 1, 't'),
    ])
    assert.deepEqual(counts, [2, 1, 3, 0])
  }),

  law(
    'every write gives a document a version that it never had',
    async (trial) => {
      const store = await opened(trial)
      const versions: number[] = []
      for (const document of [1, 1, null, 2, null, null, 3, 3]) {
        await put(store, { k: document, other: 1 })
        const [row] = await store.documents.get('things', 0, '', ['k'])
        if (row !== undefined) versions.push(row.version)
      }
      assert.deepEqual(versions, [...new Set(versions)])
      assert.ok(
        versions.every((version) => version > 0 && version < firstChosenVersion),
        versions.join(),
      )
    },
    'besideLog',
  ),
]

function isUnknown(error: unknown): boolean {
  return isHeadwaterError(error, 'view.unknown')
}
