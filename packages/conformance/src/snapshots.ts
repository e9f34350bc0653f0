import assert from 'node:assert/strict'
import type { SnapshotRow, SnapshotsQuery, SnapshotSummary, Store } from '@headwater/core'
import { law } from './law.ts'

export function aSnapshot(stream: string, revision: number, parts: Partial<SnapshotRow> = {}): SnapshotRow {
  return {
    branch: 0,
    tenant: '',
    stream,
    revision,
    hash: 'code-1',
    epoch: 'epoch-1',
    eventId: `command-${revision}.1`,
    takenAt: 1_700_000_000_000 + revision,
    state: `{"revision":${revision}}`,
    ...parts,
  }
}

async function revisionOf(
  store: Store,
  stream: string,
  tenant = '',
  branch = 0,
): Promise<number | undefined> {
  return (await store.snapshots.find(branch, tenant, stream))?.revision
}

function listed(store: Store, parts: Partial<SnapshotsQuery> = {}): Promise<readonly SnapshotSummary[]> {
  const query = { branch: 0, tenant: undefined, prefix: '', after: undefined, limit: 100, ...parts }
  return store.snapshots.list(query)
}

const places = (summaries: readonly SnapshotSummary[]): string[] =>
  summaries.map(({ tenant, stream }) => `${tenant}/${stream}`)

export const snapshotLaws = [
  law('a stream of which none was taken has no snapshot', async (trial) => {
    const store = await trial.open()
    assert.equal(await store.snapshots.find(0, '', 'order-1'), undefined)
    await store.snapshots.save([])
    assert.deepEqual(await listed(store), [])
  }),

  law('a snapshot is found as it was saved, its state as text or as bytes', async (trial) => {
    const { snapshots } = await trial.open()
    const text = aSnapshot('order-1', 3)
    const bytes = aSnapshot('order-2', 4, { state: Uint8Array.of(0, 255, 7) })
    await snapshots.save([text, bytes])
    assert.deepEqual({ ...(await snapshots.find(0, '', 'order-1')) }, text)
    assert.deepEqual({ ...(await snapshots.find(0, '', 'order-2')) }, bytes)
  }),

  law('a snapshot of a later revision takes the place of the one before', async (trial) => {
    const store = await trial.open()
    await store.snapshots.save([aSnapshot('order-1', 3)])
    await store.snapshots.save([aSnapshot('order-1', 5)])
    assert.equal(await revisionOf(store, 'order-1'), 5)
    assert.equal((await listed(store)).length, 1)
  }),

  law('a late snapshot of an earlier revision changes nothing', async (trial) => {
    const store = await trial.open()
    await store.snapshots.save([aSnapshot('order-1', 5)])
    await store.snapshots.save([aSnapshot('order-1', 3)])
    assert.equal(await revisionOf(store, 'order-1'), 5)
  }),

  law('of racing snapshots of one stream the one of the latest revision stays', async (trial) => {
    const store = await trial.open()
    const revisions = [4, 9, 2, 7, 1, 8, 3]
    await Promise.all(revisions.map((revision) => store.snapshots.save([aSnapshot('order-1', revision)])))
    assert.equal(await revisionOf(store, 'order-1'), 9)
  }),

  law('what other code folded is replaced, whatever its revision', async (trial) => {
    const store = await trial.open()
    await store.snapshots.save([aSnapshot('order-1', 5)])
    await store.snapshots.save([aSnapshot('order-1', 3, { hash: 'code-2' })])
    assert.equal(await revisionOf(store, 'order-1'), 3)
  }),

  law('a snapshot of another history is replaced, whatever its revision', async (trial) => {
    const store = await trial.open()
    await store.snapshots.save([aSnapshot('order-1', 5)])
    await store.snapshots.save([aSnapshot('order-1', 3, { epoch: 'epoch-2' })])
    assert.equal(await revisionOf(store, 'order-1'), 3)
  }),

  law(
    'a snapshot of one tenant or branch is not that of a stream of the same name of another',
    async (trial) => {
      const store = await trial.open()
      await store.snapshots.save([
        aSnapshot('order-1', 1),
        aSnapshot('order-1', 2, { tenant: 'north' }),
        aSnapshot('order-1', 3, { branch: 7 }),
      ])
      assert.equal(await revisionOf(store, 'order-1'), 1)
      assert.equal(await revisionOf(store, 'order-1', 'north'), 2)
      assert.equal(await revisionOf(store, 'order-1', '', 7), 3)
      assert.equal(await revisionOf(store, 'order-1', 'south'), undefined)
      assert.deepEqual(places(await listed(store, { tenant: 'north' })), ['north/order-1'])
      assert.deepEqual(places(await listed(store, { branch: 7 })), ['/order-1'])
    },
  ),

  law('snapshots are listed by tenant and stream, each once, in pages of any size', async (trial) => {
    const store = await trial.open()
    const streams = ['order-1', 'order-10', 'order-2', 'order-ä', 'order-\u{1F9FE}', 'seat-1']
    const tenants = ['', 'a', 'b']
    const rows = tenants.flatMap((tenant) => streams.map((stream) => aSnapshot(stream, 1, { tenant })))
    await store.snapshots.save(rows.toReversed())
    const expected = places(rows.map((row) => ({ ...row, size: 0 })))
    for (const limit of [1, 4, 100]) {
      const found: SnapshotSummary[] = []
      for (;;) {
        const page = await listed(store, { after: found.at(-1), limit })
        found.push(...page)
        if (page.length < limit || found.length > expected.length) break
      }
      assert.deepEqual(places(found), expected)
    }
  }),

  law('snapshots are listed by what their streams’ names begin with, without their states', async (trial) => {
    const store = await trial.open()
    await store.snapshots.save(['order-1', 'order_2', 'orders-3', 'seat-1'].map((name) => aSnapshot(name, 2)))
    const [first, ...others] = await listed(store, { prefix: 'order-' })
    const { state, ...rest } = aSnapshot('order-1', 2)
    assert.deepEqual({ ...first }, { ...rest, size: state.length })
    assert.deepEqual(others, [])
  }),

  law('dropping forgets the snapshots that it names and no others', async (trial) => {
    const store = await trial.open()
    const names = ['order-1', 'order-2', 'orders-1', 'seat-1']
    for (const tenant of ['', 'north'])
      await store.snapshots.save(names.map((name) => aSnapshot(name, 1, { tenant })))
    await store.snapshots.save([aSnapshot('order-1', 1, { branch: 7 })])
    assert.equal(await store.snapshots.drop({ branch: 0, tenant: '', stream: 'order-1' }), 1)
    assert.equal(await store.snapshots.drop({ branch: 0, tenant: '', stream: 'order-1' }), 0)
    assert.equal(await store.snapshots.drop({ branch: 0, tenant: undefined, prefix: 'order-' }), 3)
    assert.deepEqual(places(await listed(store)), ['/orders-1', '/seat-1', 'north/orders-1', 'north/seat-1'])
    assert.equal(await store.snapshots.drop({ branch: 0, tenant: 'north' }), 2)
    assert.deepEqual(places(await listed(store)), ['/orders-1', '/seat-1'])
    assert.equal(await revisionOf(store, 'order-1', '', 7), 1)
  }),

  law(
    'snapshots are there when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      await store.snapshots.save([aSnapshot('order-1', 3)])
      await store.close()
      assert.deepEqual(
        { ...(await (await trial.open()).snapshots.find(0, '', 'order-1')) },
        aSnapshot('order-1', 3),
      )
    },
    'durable',
  ),
]
