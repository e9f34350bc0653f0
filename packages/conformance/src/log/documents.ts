import assert from 'node:assert/strict'
import { firstChosenVersion, type DocumentWrite, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { aCommand, aDocument, appended, appendOne, aRequest, record, statuses, to } from '../make.ts'
import type { Trial } from '../trial.ts'

async function opened(trial: Trial): Promise<Store> {
  const store = await trial.open()
  await store.documents.define('things', [])
  return store
}

function writing(...documents: readonly DocumentWrite[]) {
  return aRequest([to('a-1')], { documents, command: aCommand() })
}

async function versionOf(store: Store, key: string): Promise<number> {
  const [row] = await store.documents.get('things', 0, '', [key])
  return row?.version ?? 0
}

/** Documents that travel with an append: the inline views. */
export const inlineDocumentLaws = [
  law('a document is written with the append’s events', async (trial) => {
    const store = await opened(trial)
    await record(store, 'b-1', 2)
    await appended(store.log, aRequest([to('a-1', 3)], { documents: [aDocument('k', { n: 1 })] }))
    const [row] = await store.documents.get('things', 0, '', ['k'])
    assert.equal(row?.document, '{"n":1}')
    assert.equal(row?.position, 5, 'it shows the last event of the append')
  }),

  law('a document shows the position that the append says', async (trial) => {
    const store = await opened(trial)
    await appended(store.log, writing(aDocument('k', { n: 1 }, { position: 17 })))
    const [row] = await store.documents.get('things', 0, '', ['k'])
    assert.equal(row?.position, 17)
  }),

  law('a document at the version that was read is replaced', async (trial) => {
    const store = await opened(trial)
    await appended(store.log, writing(aDocument('k', { n: 1 }, { expectedVersion: 0 })))
    const first = await versionOf(store, 'k')
    await appended(store.log, writing(aDocument('k', { n: 2 }, { expectedVersion: first })))
    assert.notEqual(await versionOf(store, 'k'), first, 'it has another version')
  }),

  law('a document without a version to expect is replaced, whatever it is', async (trial) => {
    const store = await opened(trial)
    for (const n of [1, 2]) await appended(store.log, writing(aDocument('k', { n })))
    const [row] = await store.documents.get('things', 0, '', ['k'])
    assert.equal(row?.document, '{"n":2}')
  }),

  ...(
    [
      ['is missing', async () => 7],
      ['is there, though expected missing', async (store: Store) => (await write(store), 0)],
      [
        'was changed meanwhile',
        async (store: Store) => {
          const read = await write(store)
          await write(store)
          return read
        },
      ],
      [
        'was deleted meanwhile',
        async (store: Store) => {
          const read = await write(store)
          await write(store, null)
          return read
        },
      ],
      [
        'was deleted and made anew meanwhile',
        async (store: Store) => {
          const read = await write(store)
          await write(store, null)
          await write(store)
          return read
        },
      ],
    ] as const
  ).map(([how, prepare]) =>
    law(`an append whose document ${how} is refused and records nothing`, async (trial) => {
      const store = await opened(trial)
      const expectedVersion = await prepare(store)
      const before = await store.documents.get('things', 0, '', ['k', 'other'])
      const { position } = await store.log.head(0)
      const request = writing(aDocument('other', {}), aDocument('k', { n: 9 }, { expectedVersion }))
      assert.deepEqual(await appendOne(store.log, request), {
        status: 'document-conflict',
        collection: 'things',
        key: 'k',
      })
      assert.deepEqual(await store.documents.get('things', 0, '', ['k', 'other']), before)
      assert.equal((await store.log.head(0)).position, position)
      assert.equal(await store.commands.find(0, '', request.commandId), undefined)
    }),
  ),

  law('a document gets the version that its writer chose', async (trial) => {
    const store = await opened(trial)
    const version = firstChosenVersion + 17
    await appended(store.log, writing(aDocument('k', { n: 1 }, { version, expectedVersion: 0 })))
    assert.equal(await versionOf(store, 'k'), version)
    await appended(store.log, writing(aDocument('k', { n: 2 }, { version: version - 5 })))
    assert.equal(await versionOf(store, 'k'), version - 5)
  }),

  law('a version that was chosen can be expected before it is recorded', async (trial) => {
    const store = await opened(trial)
    const versions = [1, 2, 3].map((n) => firstChosenVersion + n)
    const requests = versions.map((version, index) => {
      const documents = [aDocument('k', index, { version, expectedVersion: versions[index - 1] ?? 0 })]
      return aRequest([to(`s-${index}`)], { documents })
    })
    assert.deepEqual(statuses(await store.log.append(requests)), ['appended', 'appended', 'appended'])
    assert.equal(await versionOf(store, 'k'), versions[2])
  }),

  law('a write on top of one that was refused is refused, though it expects its version', async (trial) => {
    const store = await opened(trial)
    const chosen = firstChosenVersion + 1
    const refused = aRequest([to('a-1', 1, 'exists')], {
      documents: [aDocument('k', 1, { version: chosen })],
    })
    const onTop = aRequest([to('b-1')], { documents: [aDocument('k', 2, { expectedVersion: chosen })] })
    assert.deepEqual(statuses(await store.log.append([refused, onTop])), ['conflict', 'document-conflict'])
  }),

  law('versions that are counted after a chosen one are new to the document', async (trial) => {
    const store = await opened(trial)
    const versions: number[] = []
    const [one, other] = [firstChosenVersion + 9, firstChosenVersion + 9_000]
    const steps = [undefined, undefined, one, undefined, null, undefined, other, null, undefined]
    for (const version of steps) {
      const document = version === null ? null : { n: 1 }
      const chosen = typeof version === 'number' ? { version } : {}
      await appended(store.log, writing(aDocument('k', document, chosen)))
      if (document !== null) versions.push(await versionOf(store, 'k'))
    }
    assert.deepEqual(versions, [...new Set(versions)])
  }),

  law('an append deletes a document', async (trial) => {
    const store = await opened(trial)
    const read = await write(store)
    await appended(store.log, writing(aDocument('k', null, { expectedVersion: read })))
    assert.deepEqual(await store.documents.get('things', 0, '', ['k']), [undefined])
  }),

  law('deleting what is not there is no conflict', async (trial) => {
    const store = await opened(trial)
    await appended(store.log, writing(aDocument('k', null), aDocument('l', null, { expectedVersion: 0 })))
    assert.equal(await store.documents.count('things', 0, ''), 0)
  }),

  law('an append that conflicts writes no document', async (trial) => {
    const store = await opened(trial)
    const request = aRequest([to('a-1', 1, 'exists')], { documents: [aDocument('k', {})] })
    assert.equal((await appendOne(store.log, request)).status, 'conflict')
    assert.deepEqual(await store.documents.get('things', 0, '', ['k']), [undefined])
  }),

  law('a document that conflicts in one request leaves the others of the append untouched', async (trial) => {
    const store = await opened(trial)
    const request = (stream: string, ...documents: readonly DocumentWrite[]) =>
      aRequest([to(stream)], { documents })
    const results = await store.log.append([
      request('a-1', aDocument('k', 1)),
      request('b-1', aDocument('l', 2), aDocument('m', 2, { expectedVersion: 3 })),
      request('c-1', aDocument('n', 3)),
    ])
    assert.deepEqual(statuses(results), ['appended', 'document-conflict', 'appended'])
    const rows = await store.documents.get('things', 0, '', ['k', 'l', 'm', 'n'])
    assert.deepEqual(
      rows.map((row) => row?.document),
      ['1', undefined, undefined, '3'],
    )
  }),

  law('of two requests in one append that read the same version the first one wins', async (trial) => {
    const store = await opened(trial)
    const results = await store.log.append([
      aRequest([to('a-1')], { documents: [aDocument('k', 1, { expectedVersion: 0 })] }),
      aRequest([to('b-1')], { documents: [aDocument('k', 2, { expectedVersion: 0 })] }),
    ])
    assert.deepEqual(statuses(results), ['appended', 'document-conflict'])
    const [row] = await store.documents.get('things', 0, '', ['k'])
    assert.equal(row?.document, '1')
  }),

  law('racing updates of one document lose none', async (trial) => {
    const store = await opened(trial)
    const increment = async (_: unknown, index: number): Promise<void> => {
      for (;;) {
        const [row] = await store.documents.get('things', 0, '', ['k'])
        const n = row === undefined ? 0 : Number(row.document)
        const documents = [aDocument('k', n + 1, { expectedVersion: row?.version ?? 0 })]
        const { status } = await appendOne(store.log, aRequest([to(`s-${index}`)], { documents }))
        if (status === 'appended') return
        assert.equal(status, 'document-conflict')
      }
    }
    await Promise.all(Array.from({ length: 16 }, increment))
    const [row] = await store.documents.get('things', 0, '', ['k'])
    assert.equal(row?.document, '16')
    assert.equal((await store.log.head(0)).position, 16)
  }),

  law('an append that names a collection nobody defined fails alone', async (trial) => {
    const store = await opened(trial)
    const lost = aRequest([to('b-1')], { documents: [aDocument('k', {}, { collection: 'nothing' })] })
    const results = await store.log.append([aRequest([to('a-1')]), lost, aRequest([to('c-1')])])
    assert.deepEqual(statuses(results), ['appended', 'failed', 'appended'])
    assert.equal((await store.log.head(0)).position, 2)
  }),
]

/** Writes the document `k` and gives its version. */
async function write(store: Store, document: unknown = { n: 1 }): Promise<number> {
  await appended(store.log, writing(aDocument('k', document)))
  return versionOf(store, 'k')
}
