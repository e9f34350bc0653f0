import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { isHeadwaterError, type ViewCommit, type ViewDocumentWrite, type ViewStore } from '@headwater/core'

/** One sentence of the contract, and what shows that a store of views breaks it. */
export interface ViewStoreLaw {
  readonly sentence: string
  readonly needs: 'durable' | undefined
  readonly check: (open: () => Promise<ViewStore>) => Promise<void>
}

const law = (sentence: string, check: ViewStoreLaw['check'], needs?: 'durable'): ViewStoreLaw => ({
  sentence,
  check,
  needs,
})

export function aWrite(key: string, document: unknown, position = 1, tenant = ''): ViewDocumentWrite {
  return { tenant, key, document: document === null ? null : JSON.stringify(document), position }
}

/** From one position to another, or to the next. */
export function aViewCommit(
  from: number | undefined,
  documents: readonly ViewDocumentWrite[],
  parts: Partial<ViewCommit> & { readonly to?: number } = {},
): ViewCommit {
  const { to = (from ?? 0) + 1, ...rest } = parts
  const checkpoint = { epoch: 'epoch-1', position: to, eventId: `command-${to}.1` }
  return { collection: 'things', branch: 0, from, checkpoint, token: 1, documents, ...rest }
}

async function opened(open: () => Promise<ViewStore>): Promise<ViewStore> {
  const store = await open()
  await store.define('things', [])
  return store
}

async function documentOf(store: ViewStore, key: string, tenant = '', branch = 0): Promise<unknown> {
  const [row] = await store.get('things', branch, tenant, [key])
  return row && { document: row.document, position: row.position }
}

const isFenced = (error: unknown): boolean => isHeadwaterError(error, 'processor.fenced')

export const commitLaws: readonly ViewStoreLaw[] = [
  law('a collection that nothing was committed to has no position', async (open) => {
    const store = await opened(open)
    assert.equal(await store.position('things', 0), undefined)
  }),

  law('documents and the position are there together', async (open) => {
    const store = await opened(open)
    const commit = aViewCommit(undefined, [aWrite('k', { n: 1 }, 3), aWrite('l', { n: 2 }, 5)], { to: 5 })
    await store.commit(commit)
    assert.deepEqual({ ...(await store.position('things', 0)) }, commit.checkpoint)
    assert.deepEqual(await documentOf(store, 'k'), { document: '{"n":1}', position: 3 })
    assert.deepEqual(await documentOf(store, 'l'), { document: '{"n":2}', position: 5 })
  }),

  law('a position goes on without documents, and may be that of no event', async (open) => {
    const store = await opened(open)
    const checkpoint = { epoch: 'epoch-1', position: 0, eventId: null }
    await store.commit({ ...aViewCommit(undefined, []), checkpoint })
    assert.deepEqual({ ...(await store.position('things', 0)) }, checkpoint)
    await store.commit(aViewCommit(0, [], { to: 9 }))
    await store.commit(aViewCommit(9, [], { to: 9 }))
    assert.equal((await store.position('things', 0))?.position, 9)
  }),

  law('a later commit replaces and deletes documents', async (open) => {
    const store = await opened(open)
    await store.commit(aViewCommit(undefined, [aWrite('k', 1, 1), aWrite('l', 1, 1)]))
    await store.commit(aViewCommit(1, [aWrite('k', 2, 2), aWrite('l', null, 2), aWrite('m', null, 2)]))
    assert.deepEqual(await documentOf(store, 'k'), { document: '2', position: 2 })
    assert.equal(await documentOf(store, 'l'), undefined)
    assert.equal(await store.count('things', 0, ''), 1)
  }),

  law('a commit from another position than the documents’ is refused and writes nothing', async (open) => {
    const store = await opened(open)
    await store.commit(aViewCommit(undefined, [aWrite('k', 1)], { to: 5 }))
    for (const from of [undefined, 0, 4, 6]) {
      await assert.rejects(store.commit(aViewCommit(from, [aWrite('k', 2), aWrite('l', 2)])), isFenced)
    }
    assert.deepEqual(await documentOf(store, 'k'), { document: '1', position: 1 })
    assert.equal(await documentOf(store, 'l'), undefined)
    assert.equal((await store.position('things', 0))?.position, 5)
  }),

  law('a commit of an earlier holder is refused and writes nothing', async (open) => {
    const store = await opened(open)
    await store.commit(aViewCommit(undefined, [aWrite('k', 1)], { token: 7 }))
    await store.commit(aViewCommit(1, [aWrite('k', 2)], { token: 7 }))
    await assert.rejects(store.commit(aViewCommit(2, [aWrite('k', 3)], { token: 6 })), isFenced)
    await store.commit(aViewCommit(2, [aWrite('k', 4)], { token: 8 }))
    assert.deepEqual(await documentOf(store, 'k'), { document: '4', position: 1 })
  }),

  law('of racing commits from one position one is written, whole', async (open) => {
    const store = await opened(open)
    await store.commit(aViewCommit(undefined, []))
    const racers = Array.from({ length: 12 }, (_, n) =>
      store.commit(aViewCommit(1, [aWrite('k', n), aWrite('l', n)])),
    )
    const outcomes = await Promise.allSettled(racers)
    const winners = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
    assert.equal(winners.length, 1)
    for (const outcome of outcomes) assert.ok(outcome.status === 'fulfilled' || isFenced(outcome.reason))
    const expected = { document: String(winners[0]), position: 1 }
    assert.deepEqual(await documentOf(store, 'k'), expected)
    assert.deepEqual(await documentOf(store, 'l'), expected)
  }),

  law('racing increments lose none', async (open) => {
    const store = await opened(open)
    const increment = async (): Promise<void> => {
      for (;;) {
        const from = (await store.position('things', 0))?.position
        const [row] = await store.get('things', 0, '', ['k'])
        try {
          return await store.commit(aViewCommit(from, [aWrite('k', Number(row?.document ?? 0) + 1)]))
        } catch (error) {
          assert.ok(isFenced(error), String(error))
        }
      }
    }
    await Promise.all(Array.from({ length: 8 }, increment))
    assert.deepEqual(await documentOf(store, 'k'), { document: '8', position: 1 })
    assert.equal((await store.position('things', 0))?.position, 8)
  }),

  law('collections and branches stand where they stand, each by itself', async (open) => {
    const store = await opened(open)
    await store.define('things-2', [])
    await store.commit(aViewCommit(undefined, [aWrite('k', 1)], { to: 3 }))
    await store.commit(aViewCommit(undefined, [aWrite('k', 2)], { to: 4, branch: 1 }))
    await store.commit(aViewCommit(undefined, [aWrite('k', 3)], { to: 5, collection: 'things-2' }))
    assert.equal((await store.position('things', 0))?.position, 3)
    assert.equal((await store.position('things', 1))?.position, 4)
    assert.equal((await store.position('things-2', 0))?.position, 5)
    assert.deepEqual(await documentOf(store, 'k', '', 1), { document: '2', position: 1 })
  }),

  law('one key of two tenants is two documents', async (open) => {
    const store = await opened(open)
    await store.commit(aViewCommit(undefined, [aWrite('k', 1), aWrite('k', 2, 1, 't')]))
    await store.commit(aViewCommit(1, [aWrite('k', null, 2, 't')]))
    assert.deepEqual(await documentOf(store, 'k'), { document: '1', position: 1 })
    assert.equal(await documentOf(store, 'k', 't'), undefined)
  }),

  law('a collection that is dropped forgets its position', async (open) => {
    const store = await opened(open)
    await store.commit(aViewCommit(undefined, [aWrite('k', 1)], { token: 9 }))
    await store.drop('things')
    await assert.rejects(store.position('things', 0), (error) => isHeadwaterError(error, 'view.unknown'))
    await assert.rejects(store.commit(aViewCommit(undefined, [])), (error) =>
      isHeadwaterError(error, 'view.unknown'),
    )
    await store.define('things', [])
    assert.equal(await store.position('things', 0), undefined)
    await store.commit(aViewCommit(undefined, [aWrite('l', 1)]))
    assert.equal(await documentOf(store, 'k'), undefined)
  }),

  law('a commit as large as it may be is written whole', async (open) => {
    const store = await opened(open)
    await store.define('things', ['n'], true)
    const count = Math.min(2_000, store.largestCommit.documents)
    const documents = Array.from({ length: count }, (_, n) => ({
      ...aWrite(`k${n}`, { n }),
      words: `word${n} all`,
    }))
    await store.commit(aViewCommit(undefined, documents))
    assert.equal(await store.count('things', 0, ''), count)
    const shortened = documents.map(({ key }) => aWrite(key, null))
    await store.commit(aViewCommit(1, shortened))
    assert.equal(await store.count('things', 0, ''), 0)
  }),

  law('a large document comes back as it was', async (open) => {
    const store = await opened(open)
    const document = { text: `${'ä€𝄞"\\'.repeat(50_000)}` }
    await store.commit(aViewCommit(undefined, [aWrite('k', document)]))
    assert.deepEqual(await documentOf(store, 'k'), { document: JSON.stringify(document), position: 1 })
  }),

  law(
    'a store that is opened again stands where it stood',
    async (open) => {
      const store = await opened(open)
      await store.commit(aViewCommit(undefined, [aWrite('k', 1)], { token: 4 }))
      await store.close()
      const again = await opened(open)
      assert.deepEqual(await documentOf(again, 'k'), { document: '1', position: 1 })
      await assert.rejects(again.commit(aViewCommit(1, [], { token: 3 })), isFenced)
      await again.commit(aViewCommit(1, [aWrite('k', 2)], { token: 4 }))
      assert.equal((await again.position('things', 0))?.position, 2)
    },
    'durable',
  ),
]

/** A name that no other trial uses. */
export function newDatabase(): string {
  return randomUUID()
}
