import assert from 'node:assert/strict'
import {
  isHeadwaterError,
  type Checkpoint,
  type Lease,
  type ParkedEvent,
  type ProgressCommit,
  type Store,
} from '@headwater/core'
import { law } from './law.ts'
import { aDocument, readAll, record } from './make.ts'

const minute = 60_000

async function leaseOf(store: Store, name = 'totals', owner = 'one'): Promise<Lease> {
  const lease = await store.leases.acquire(name, owner, minute)
  assert.ok(lease)
  return lease
}

function aCheckpoint(position: number): Checkpoint {
  return { epoch: 'epoch-1', position, eventId: position === 0 ? null : `command-${position}.1` }
}

function aCommit(lease: Lease, parts: Partial<ProgressCommit> = {}): ProgressCommit {
  return {
    processor: 'totals',
    branch: 0,
    lease,
    checkpoint: undefined,
    documents: [],
    park: [],
    unpark: [],
    ...parts,
  }
}

function aParked(position: number, parts: Partial<ParkedEvent> = {}): ParkedEvent {
  return {
    processor: 'totals',
    branch: 0,
    tenant: '',
    sequence: 'a-1',
    position,
    attempts: 5,
    error: 'it broke',
    parkedAt: 1_700_000_000_000,
    ...parts,
  }
}

async function positionsParked(store: Store, processor = 'totals', branch = 0): Promise<readonly number[]> {
  const parked = await store.progress.parked({ processor, branch, limit: 100 })
  return parked.map(({ position }) => position)
}

export const progressLaws = [
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

  law('a parked event comes back as it was parked', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    const park = [
      aParked(3, { tenant: 't', sequence: 's', attempts: 2, error: 'ä€𝄞' }),
      aParked(4, { tenant: 't', sequence: 's', attempts: 0, error: null }),
    ]
    await store.progress.commit(aCommit(lease, { park }))
    const parked = await store.progress.parked({ processor: 'totals', branch: 0, limit: 10 })
    assert.deepEqual(
      parked.map((event) => ({ ...event })),
      park,
    )
  }),

  law('parking at the same place again replaces what is there', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.progress.commit(aCommit(lease, { park: [aParked(3, { attempts: 1 })] }))
    await store.progress.commit(aCommit(lease, { park: [aParked(3, { attempts: 2, error: 'again' })] }))
    const parked = await store.progress.parked({ processor: 'totals', branch: 0, limit: 10 })
    assert.deepEqual(
      parked.map(({ attempts, error }) => [attempts, error]),
      [[2, 'again']],
    )
  }),

  law('unparking removes exactly the events it names', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    const others = [aParked(3, { tenant: 't' }), aParked(3, { sequence: 'b-1' }), aParked(4)]
    await store.progress.commit(aCommit(lease, { park: [aParked(3), ...others] }))
    await store.progress.commit(aCommit(lease, { unpark: [{ tenant: '', sequence: 'a-1', position: 3 }] }))
    const parked = await store.progress.parked({ processor: 'totals', branch: 0, limit: 10 })
    const places = parked.map(({ tenant, sequence, position }) => `${tenant}/${sequence}/${position}`)
    assert.deepEqual(places.sort(), ['/a-1/4', '/b-1/3', 't/a-1/3'])
  }),

  law('parked events are listed by position, as many as asked for', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.progress.commit(
      aCommit(lease, { park: [12, 3, 100, 7].map((position) => aParked(position)) }),
    )
    const parked = await store.progress.parked({ processor: 'totals', branch: 0, limit: 3 })
    assert.deepEqual(
      parked.map(({ position }) => position),
      [3, 7, 12],
    )
  }),

  law('parked events are listed by processor, tenant and sequence', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.progress.commit(
      aCommit(lease, { park: [aParked(1), aParked(2, { sequence: 'b-1' }), aParked(3, { tenant: 't' })] }),
    )
    await store.progress.commit(
      aCommit(lease, { processor: 'mails', park: [aParked(4, { processor: 'mails' })] }),
    )
    const list = async (query: object): Promise<readonly number[]> =>
      (await store.progress.parked({ processor: undefined, branch: 0, limit: 10, ...query })).map(
        ({ position }) => position,
      )
    assert.deepEqual(await list({}), [1, 2, 3, 4])
    assert.deepEqual(await list({ processor: 'totals' }), [1, 2, 3])
    assert.deepEqual(await list({ processor: 'totals', tenant: 't' }), [3])
    assert.deepEqual(await list({ processor: 'totals', sequence: 'b-1' }), [2])
    assert.deepEqual(await list({ branch: 1 }), [])
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
