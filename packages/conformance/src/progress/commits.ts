import assert from 'node:assert/strict'
import { isHeadwaterError, type Lease, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { aDocument, readAll, record } from '../make.ts'
import { aCheckpoint, aCommit, aParked, leaseOf, minute, positionsParked } from './make.ts'

export const commitLaws = [
  law('a processor that never committed has no checkpoint', async (trial) => {
    const { progress } = await trial.open()
    assert.equal(await progress.checkpoint('totals', 0), undefined)
  }),

  law('a checkpoint comes back as it was committed', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    for (const checkpoint of [aCheckpoint(0), aCheckpoint(7)]) {
      await store.progress.commit(aCommit(lease, { checkpoint }))
      assert.deepEqual({ ...(await store.progress.checkpoint('totals', 0)) }, checkpoint)
    }
  }),

  law('a commit without a checkpoint leaves it where it is', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(7) }))
    await store.progress.commit(aCommit(lease, { park: [aParked(8)] }))
    assert.equal((await store.progress.checkpoint('totals', 0))?.position, 7)
  }),

  law('checkpoints belong to one processor on one branch', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(7) }))
    assert.equal(await store.progress.checkpoint('others', 0), undefined)
    assert.equal(await store.progress.checkpoint('totals', 1), undefined)
  }),

  law('documents, parked events and the checkpoint are written by one commit', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    const lease = await leaseOf(store)
    await store.progress.commit(
      aCommit(lease, {
        checkpoint: aCheckpoint(7),
        documents: [aDocument('k', { n: 1 })],
        park: [aParked(6)],
      }),
    )
    const [row] = await store.documents.get('things', 0, '', ['k'])
    assert.equal(row?.document, '{"n":1}')
    assert.equal(row?.position, 7)
    assert.deepEqual(await positionsParked(store), [6])
  }),

  law('a document of a commit shows the position that it says', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    const lease = await leaseOf(store)
    const documents = [aDocument('k', { n: 1 }, { position: 5 })]
    await store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(7), documents }))
    const [row] = await store.documents.get('things', 0, '', ['k'])
    assert.equal(row?.position, 5)
  }),

  ...(
    [
      ['released', async (store: Store, lease: Lease) => store.leases.release(lease)],
      [
        'taken by another owner',
        async (store: Store, lease: Lease) => {
          await store.leases.release(lease)
          await leaseOf(store, 'totals', 'two')
        },
      ],
      [
        'taken again by its owner after it was lost to another',
        async (store: Store, lease: Lease) => {
          await store.leases.release(lease)
          await store.leases.release(await leaseOf(store, 'totals', 'two'))
          await leaseOf(store, 'totals', 'one')
        },
      ],
    ] as const
  ).map(([how, lose]) =>
    law(`a commit under a lease that was ${how} is fenced and writes nothing`, async (trial) => {
      const store = await trial.open()
      await store.documents.define('things', [])
      const lease = await leaseOf(store)
      await store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(3), park: [aParked(2)] }))
      await lose(store, lease)
      await assert.rejects(commitOfEverything(store, lease), (error) =>
        isHeadwaterError(error, 'processor.fenced'),
      )
      await nothingWritten(store)
    }),
  ),

  law(
    'a commit under an expired lease is fenced and writes nothing, though nobody took it',
    async (trial) => {
      let now = 1_000_000
      const store = await trial.open(() => now)
      await store.documents.define('things', [])
      const lease = await leaseOf(store)
      await store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(3), park: [aParked(2)] }))
      now += minute
      await assert.rejects(commitOfEverything(store, lease), (error) =>
        isHeadwaterError(error, 'processor.fenced'),
      )
      await nothingWritten(store)
    },
    'virtualTime',
  ),

  law('a commit whose document was changed meanwhile is refused and writes nothing', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    const lease = await leaseOf(store)
    await store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(3), park: [aParked(2)] }))
    const documents = [aDocument('k', { n: 1 }), aDocument('l', { n: 1 }, { expectedVersion: 1_000_000 })]
    await assert.rejects(
      store.progress.commit(
        aCommit(lease, { checkpoint: aCheckpoint(9), documents, park: [aParked(8)], unpark: [aParked(2)] }),
      ),
      (error) => isHeadwaterError(error, 'log.document-conflict'),
    )
    await nothingWritten(store)
  }),

  law('a commit deletes documents', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    const lease = await leaseOf(store)
    await store.progress.commit(
      aCommit(lease, { documents: [aDocument('k', { n: 1 }), aDocument('l', { n: 2 })] }),
    )
    await store.progress.commit(aCommit(lease, { documents: [aDocument('k', null)] }))
    const rows = await store.documents.get('things', 0, '', ['k', 'l'])
    assert.deepEqual(
      rows.map((row) => row?.document),
      [undefined, '{"n":2}'],
    )
  }),

  law('a reset forgets a processor’s checkpoint and parked events, and no other’s', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    const everything = { checkpoint: aCheckpoint(7), park: [aParked(6)] }
    await store.progress.commit(aCommit(lease, everything))
    await store.progress.commit(
      aCommit(lease, { branch: 1, checkpoint: aCheckpoint(7), park: [aParked(6, { branch: 1 })] }),
    )
    const mails = {
      processor: 'mails',
      checkpoint: aCheckpoint(7),
      park: [aParked(6, { processor: 'mails' })],
    }
    await store.progress.commit(aCommit(lease, mails))
    await store.progress.reset('totals', 0)
    assert.equal(await store.progress.checkpoint('totals', 0), undefined)
    assert.deepEqual(await positionsParked(store), [])
    assert.equal((await store.progress.checkpoint('totals', 1))?.position, 7)
    assert.deepEqual(await positionsParked(store, 'totals', 1), [6])
    assert.equal((await store.progress.checkpoint('mails', 0))?.position, 7)
    assert.deepEqual(await positionsParked(store, 'mails'), [6])
  }),

  law('a commit records no event', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1')
    const lease = await leaseOf(store)
    await store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(1), park: [aParked(1)] }))
    assert.equal((await readAll(store.log)).length, 1)
  }),
]

function commitOfEverything(store: Store, lease: Lease): Promise<void> {
  return store.progress.commit(
    aCommit(lease, {
      checkpoint: aCheckpoint(9),
      documents: [aDocument('k', { n: 1 })],
      park: [aParked(8)],
      unpark: [{ tenant: '', sequence: 'a-1', position: 2 }],
    }),
  )
}

async function nothingWritten(store: Store): Promise<void> {
  assert.equal((await store.progress.checkpoint('totals', 0))?.position, 3)
  assert.deepEqual(await store.documents.get('things', 0, '', ['k']), [undefined])
  assert.deepEqual(await positionsParked(store), [2])
}
