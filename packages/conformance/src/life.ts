import assert from 'node:assert/strict'
import { equalRanges, isHeadwaterError } from '@headwater/core'
import { law } from './law.ts'
import { aCheckpoint, aCommit, anAct, aParked, aResult, everySlot } from './progress/make.ts'
import { aCommand, aDocument, anEvent, appended, appendOne, aRequest, readAll, record, to } from './make.ts'

const hour = 3_600_000

export const lifeLaws = [
  law('a closed store refuses every call', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await store.close()
    const calls = {
      append: () => store.log.append([aRequest([to('a-1')])]),
      read: () => store.log.read({ branch: 0, tenant: undefined, after: 0, limit: 1 }),
      readStream: () => store.log.readStream({ branch: 0, tenant: '', stream: 'a-1', after: 0, limit: 1 }),
      listStreams: () => store.log.listStreams({ branch: 0, tenant: '', prefix: '', after: '', limit: 1 }),
      listTenants: () => store.log.listTenants({ branch: 0, after: undefined, limit: 1 }),
      head: () => store.log.head(0),
      positionAt: () => store.log.positionAt(0, 0),
      find: () => store.commands.find(0, '', 'c'),
      define: () => store.documents.define('more', []),
      get: () => store.documents.get('things', 0, '', ['k']),
      checkpoint: () => store.progress.checkpoint('p', 0),
      partitions: () => store.progress.partitions('p', 0),
      parked: () => store.parking.list({ processor: 'p', branch: 0, limit: 1 }),
      results: () => store.results.list({ branch: 0, limit: 1 }),
      controls: () => store.controls.list(0),
      held: () => store.leases.held(''),
      acquire: () => store.leases.acquire('l', 'one', hour),
      findSnapshot: () => store.snapshots.find(0, '', 'a-1'),
      saveSnapshot: () => store.snapshots.save([]),
      findImage: () => store.images.find('stock', 0),
      addParts: () => store.images.add([]),
      viewVersions: () => store.viewVersions.read(0),
      changeViews: () => store.viewVersions.change({ branch: 0, expected: 0, put: [], remove: [] }),
    }
    for (const [name, call] of Object.entries(calls)) {
      await assert.rejects(
        async () => {
          await call()
        },
        (error) => isHeadwaterError(error, 'log.closed'),
        `${name} is refused with log.closed`,
      )
    }
  }),

  law('closing a store twice is no error', async (trial) => {
    const store = await trial.open()
    await store.close()
    await store.close()
  }),

  law(
    'an append that was begun before the close is recorded or refused, never lost',
    async (trial) => {
      const store = await trial.open()
      const racing = Array.from({ length: 20 }, (_, index) =>
        store.log.append([aRequest([to(`a-${index}`)])]),
      )
      const outcomes = Promise.allSettled(racing)
      await store.close()
      const fulfilled = (await outcomes).filter(({ status }) => status === 'fulfilled').length
      const again = await trial.open()
      assert.equal((await readAll(again.log)).length, fulfilled)
    },
    'durable',
  ),

  law(
    'what was acknowledged is there when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      await store.documents.define('things', ['n'])
      const request = aRequest([to('a-1', [anEvent({ tags: ['x'] })]), to('b-1', 2)], {
        command: aCommand(),
        documents: [aDocument('k', { n: 1 })],
      })
      await appended(store.log, request)
      const before = {
        events: await readAll(store.log),
        head: await store.log.head(0),
        command: await store.commands.find(0, '', request.commandId),
        documents: await store.documents.get('things', 0, '', ['k']),
      }
      await store.close()
      const again = await trial.open()
      assert.deepEqual(
        {
          events: await readAll(again.log),
          head: await again.log.head(0),
          command: await again.commands.find(0, '', request.commandId),
          documents: await again.documents.get('things', 0, '', ['k']),
        },
        before,
      )
      const conditions = [{ query: { items: [{ tags: ['x'] }] }, after: 0 }]
      assert.equal(
        (await appendOne(again.log, aRequest([to('c-1')], { conditions }))).status,
        'condition-failed',
      )
    },
    'durable',
  ),

  law(
    'positions, revisions and command ids go on where they were when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      const request = aRequest([to('a-1', 2)], { command: aCommand() })
      await appended(store.log, request)
      await store.close()
      const again = await trial.open()
      assert.equal((await appendOne(again.log, request)).status, 'duplicate')
      const { position, revisions } = await record(again, 'a-1')
      assert.deepEqual([position, revisions], [3, [3]])
    },
    'durable',
  ),

  law(
    'recorded times do not go backwards when the database is opened again with a clock that does',
    async (trial) => {
      const store = await trial.open(() => 5_000)
      await record(store, 'a-1')
      await store.close()
      const again = await trial.open(() => 1_000)
      assert.equal((await record(again, 'a-1')).recordedAt, 5_000)
    },
    'durable',
    'virtualTime',
  ),

  law(
    'progress is there when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      const lease = await store.leases.acquire('totals', 'one', hour)
      assert.ok(lease)
      const ranges = equalRanges(2)
      await store.progress.begin({ processor: 'totals', branch: 0, ranges, checkpoint: aCheckpoint(3) })
      const [partition] = await store.progress.partitions('totals', 0)
      assert.ok(partition)
      const { first, last, generation } = partition
      const parts = { partition: { first, last, generation }, checkpoint: aCheckpoint(7) }
      await store.progress.commit(aCommit(lease, { ...parts, park: [aParked(3)], results: [aResult(4)] }))
      const sequence = { processor: 'totals', branch: 0, tenant: '', sequence: 'a-1' }
      await store.parking.edit({ ...sequence, position: 3, edits: 0, data: '1', version: 2 }, anAct('edit'))
      await store.parking.ask({ processor: 'totals', branch: 0, sequences: [sequence] }, anAct('retry'))
      await store.controls.pause('totals', 0, anAct('pause'))
      const look = async (from: typeof store) => ({
        checkpoint: await from.progress.checkpoint('totals', 0),
        partitions: await from.progress.partitions('totals', 0),
        parked: await from.parking.list({ processor: 'totals', branch: 0, limit: 9 }),
        asked: await from.parking.asked({ processor: 'totals', branch: 0, slots: everySlot, limit: 9 }),
        results: await from.results.list({ branch: 0, limit: 9 }),
        controls: await from.controls.list(0),
        acts: await from.controls.acts({ processor: 'totals', branch: 0, limit: 9 }),
      })
      const before = await look(store)
      assert.equal(before.parked.length, 1)
      await store.close()
      const again = await trial.open()
      assert.deepEqual(await look(again), before)
    },
    'durable',
  ),

  law(
    'a lease is there when the database is opened again, until it is released',
    async (trial) => {
      const store = await trial.open()
      const lease = await store.leases.acquire('totals', 'one', hour)
      assert.ok(lease)
      await store.close()
      const { leases } = await trial.open()
      assert.equal(await leases.acquire('totals', 'two', hour), undefined)
      await leases.release(lease)
      const next = await leases.acquire('totals', 'two', hour)
      assert.ok(next && next.token > lease.token)
    },
    'durable',
    'lastingLeases',
  ),

  law(
    'a lease is another’s once the store of its holder is closed, and its holder’s no longer',
    async (trial) => {
      const [store, other] = [await trial.open(), await trial.open()]
      const lease = await store.leases.acquire('totals', 'one', hour)
      assert.ok(lease)
      assert.equal(await other.leases.acquire('totals', 'two', hour), undefined)
      await store.close()
      const next = await other.leases.acquire('totals', 'two', hour)
      assert.ok(next && next.token > lease.token)
      assert.equal(await other.leases.renew(lease, hour), false)
    },
    'durable',
    'boundLeases',
  ),

  law(
    'a document’s version is not given again when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      await store.documents.define('things', [])
      const write = (on: typeof store, document: unknown) =>
        appended(on.log, aRequest([], { documents: [aDocument('k', document)] }))
      for (const n of [1, 2, 3]) await write(store, n)
      const [before] = await store.documents.get('things', 0, '', ['k'])
      await write(store, null)
      await store.close()
      const again = await trial.open()
      await write(again, 4)
      const [after] = await again.documents.get('things', 0, '', ['k'])
      assert.ok(before && after && after.version > before.version)
    },
    'durable',
  ),
]
