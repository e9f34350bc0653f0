import assert from 'node:assert/strict'
import {
  equalRanges,
  isHeadwaterError,
  type Partition,
  type PartitionKey,
  reachedBy,
  type SlotRange,
  slotOf,
  type Store,
} from '@headwater/core'
import fc from 'fast-check'
import { law } from '../law.ts'
import { aDocument } from '../make.ts'
import { forAny } from '../property.ts'
import {
  aCheckpoint,
  aCommit,
  anAct,
  aParked,
  begun,
  everySlot,
  keysOf,
  leaseOf,
  park,
  partitionsOf,
  positionsParked,
  quarters,
} from './make.ts'

const isFenced = (error: unknown) => isHeadwaterError(error, 'processor.fenced')

function arrange(
  store: Store,
  ranges: readonly SlotRange[],
  expected: readonly PartitionKey[],
): Promise<boolean> {
  return store.progress.arrange(
    { processor: 'totals', branch: 0, ranges, expected: keysOf(expected as readonly Partition[]) },
    undefined,
  )
}

async function commitTo(store: Store, partition: PartitionKey, position: number): Promise<void> {
  const lease = await leaseOf(store)
  const { first, last, generation } = partition
  const checkpoint = aCheckpoint(position)
  await store.progress.commit(aCommit(lease, { partition: { first, last, generation }, checkpoint }))
}

function only<Item>(items: readonly Item[], index = 0): Item {
  const item = items[index]
  assert.ok(item)
  return item
}

export const partitionLaws = [
  law('a processor that never began has no partitions', async (trial) => {
    const store = await trial.open()
    assert.deepEqual(await partitionsOf(store), [])
    const { leases, progress } = store
    assert.equal(await arrange(store, [everySlot], []), false)
    const move = { processor: 'totals', branch: 0, to: aCheckpoint(1), expected: [] }
    assert.equal(await progress.move(move, anAct('reset')), false)
    assert.ok(await leases.acquire('totals', 'one', 1))
  }),

  law('a processor begins with the partitions that are asked for, at one checkpoint', async (trial) => {
    const store = await trial.open()
    const partitions = await begun(store, quarters, 7)
    assert.deepEqual(
      partitions.map(({ first, last }) => ({ first, last })),
      quarters,
    )
    for (const { checkpoint, ahead } of partitions) {
      assert.deepEqual({ ...checkpoint }, aCheckpoint(7))
      assert.deepEqual(ahead, [])
    }
    assert.equal((await store.progress.checkpoint('totals', 0))?.position, 7)
    assert.equal((await store.controls.list(0))[0]?.declared, 4)
    assert.deepEqual(await store.progress.partitions('totals', 1), [])
  }),

  law('of 8 who begin a processor at once one does', async (trial) => {
    const store = await trial.open()
    const racing = Array.from({ length: 8 }, (_, index) =>
      store.progress.begin({
        processor: 'totals',
        branch: 0,
        ranges: equalRanges(index + 1),
        checkpoint: aCheckpoint(index),
      }),
    )
    await Promise.all(racing)
    const partitions = await partitionsOf(store)
    const { position } = only(partitions).checkpoint
    assert.deepEqual(
      partitions.map(({ first, last }) => ({ first, last })),
      equalRanges(position + 1),
    )
  }),

  law('a commit moves its own partition; the processor stands where the last of them does', async (trial) => {
    const store = await trial.open()
    const partitions = await begun(store)
    await commitTo(store, only(partitions, 1), 9)
    await commitTo(store, only(partitions, 3), 4)
    assert.deepEqual(
      (await partitionsOf(store)).map(({ checkpoint }) => checkpoint.position),
      [0, 9, 0, 4],
    )
    assert.equal((await store.progress.checkpoint('totals', 0))?.position, 0)
    await commitTo(store, only(partitions, 0), 5)
    await commitTo(store, only(partitions, 2), 6)
    assert.deepEqual({ ...(await store.progress.checkpoint('totals', 0)) }, aCheckpoint(4))
  }),

  ...(
    [
      ['of another range', { first: 0, last: 10_000, generation: 1 }],
      ['of another generation', { first: 0, last: 9_999, generation: 7 }],
      ['that is the whole', { ...everySlot, generation: 1 }],
      ['that is not named', undefined],
    ] as const
  ).map(([what, partition]) =>
    law(`a commit for a partition ${what} is fenced and writes nothing`, async (trial) => {
      const store = await trial.open()
      await store.documents.define('things', [])
      await begun(store)
      const lease = await leaseOf(store)
      const parts = { documents: [aDocument('k', { n: 1 })], park: [aParked(3)] }
      for (const checkpoint of [aCheckpoint(5), undefined]) {
        const commit = aCommit(lease, { ...parts, checkpoint, ...(partition && { partition }) })
        await assert.rejects(store.progress.commit(commit), isFenced)
      }
      assert.equal((await store.progress.checkpoint('totals', 0))?.position, 0)
      assert.deepEqual(await store.documents.get('things', 0, '', ['k']), [undefined])
      assert.deepEqual(await positionsParked(store), [])
    }),
  ),

  law('a partition is split and merged where it stands', async (trial) => {
    const store = await trial.open()
    const [whole] = await begun(store, [everySlot], 3)
    assert.ok(whole)
    const halves = equalRanges(2)
    assert.equal(await arrange(store, halves, [whole]), true)
    const [low, high] = await partitionsOf(store)
    assert.ok(low && high)
    assert.deepEqual([low.checkpoint.position, high.checkpoint.position], [3, 3])
    await commitTo(store, high, 8)
    assert.equal(await arrange(store, [everySlot], [low, high]), true)
    const merged = only(await partitionsOf(store))
    assert.deepEqual({ ...merged.checkpoint }, aCheckpoint(3))
    assert.deepEqual(JSON.parse(JSON.stringify(merged.ahead)), [{ ...halves[1], checkpoint: aCheckpoint(8) }])
  }),

  law('a commit for a partition that was cut since is fenced, one for another is not', async (trial) => {
    const store = await trial.open()
    const [low, high] = await begun(store, equalRanges(2))
    assert.ok(low && high)
    const ranges = [low, { first: high.first, last: 50_000 }, { first: 50_001, last: high.last }]
    assert.equal(await arrange(store, ranges, [low, high]), true)
    await assert.rejects(commitTo(store, high, 5), isFenced)
    await commitTo(store, low, 5)
    assert.deepEqual(
      (await partitionsOf(store)).map(({ checkpoint }) => checkpoint.position),
      [5, 0, 0],
    )
  }),

  law('a commit for a partition that was cut and joined again is fenced', async (trial) => {
    const store = await trial.open()
    const before = await begun(store, [everySlot])
    await arrange(store, equalRanges(3), before)
    await arrange(store, [everySlot], await partitionsOf(store))
    await assert.rejects(commitTo(store, only(before), 5), isFenced)
  }),

  law('an arrangement of other partitions than were read changes nothing', async (trial) => {
    const store = await trial.open()
    const read = await begun(store, equalRanges(2))
    await arrange(store, equalRanges(3), read)
    const now = await partitionsOf(store)
    assert.equal(await arrange(store, equalRanges(4), read), false)
    assert.deepEqual(await partitionsOf(store), now)
  }),

  law('of 8 who arrange partitions at once one does', async (trial) => {
    const store = await trial.open()
    const read = await begun(store, [everySlot])
    const racing = Array.from({ length: 8 }, (_, index) => arrange(store, equalRanges(index + 2), read))
    const done = await Promise.all(racing)
    assert.equal(done.filter(Boolean).length, 1)
    assert.equal((await partitionsOf(store)).length, done.indexOf(true) + 2)
  }),

  ...(
    [
      [
        'leave slots out',
        [
          { first: 0, last: 9 },
          { first: 11, last: 65_535 },
        ],
      ],
      [
        'hold a slot twice',
        [
          { first: 0, last: 9 },
          { first: 9, last: 65_535 },
        ],
      ],
      ['end early', [{ first: 0, last: 65_534 }]],
      ['are none', []],
    ] as const
  ).map(([what, ranges]) =>
    law(`partitions that ${what} are refused`, async (trial) => {
      const store = await trial.open()
      const read = await begun(store)
      await assert.rejects(arrange(store, ranges, read), (error) =>
        isHeadwaterError(error, 'processor.invalid-partitions'),
      )
      assert.deepEqual(await partitionsOf(store), read)
    }),
  ),

  law('how far a slot has come is not changed by any cutting and joining', async (trial) => {
    const ranges = fc
      .uniqueArray(fc.integer({ min: 1, max: everySlot.last }), { maxLength: 5 })
      .map((cuts) => [0, ...cuts.toSorted((one, other) => one - other)])
      .map((starts) =>
        starts.map((first, index) => ({ first, last: (starts[index + 1] ?? everySlot.last + 1) - 1 })),
      )
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('arrange' as const), ranges }),
        fc.record({
          kind: fc.constant('commit' as const),
          which: fc.nat(),
          by: fc.integer({ min: 1, max: 9 }),
        }),
      ),
      { maxLength: 12 },
    )
    await forAny(
      trial,
      [ranges, steps],
      async (part, first, taken) => {
        const store = await part.open()
        const slots = Array.from({ length: 200 }, (_, index) => slotOf('', `key-${index}`))
        const reached = new Map(slots.map((slot) => [slot, 0]))
        let partitions = await begun(store, first)
        for (const step of taken) {
          if (step.kind === 'arrange') assert.equal(await arrange(store, step.ranges, partitions), true)
          else {
            const partition = only(partitions, step.which % partitions.length)
            const position = partition.checkpoint.position + step.by
            await commitTo(store, partition, position)
            for (const slot of slots) {
              if (slot < partition.first || slot > partition.last) continue
              reached.set(slot, Math.max(position, reached.get(slot) ?? 0))
            }
          }
          partitions = await partitionsOf(store)
          for (const [slot, position] of reached) {
            const holding = partitions.filter((one) => slot >= one.first && slot <= one.last)
            assert.equal(holding.length, 1, 'one partition holds the slot')
            assert.equal(reachedBy(only(holding), slot).position, position)
          }
        }
      },
      { runs: 15 },
    )
  }),

  law(
    'what is parked is found in the partition that its sequence belongs to, however it is cut',
    async (trial) => {
      const store = await trial.open()
      const names = Array.from({ length: 40 }, (_, index) => `s-${index}`)
      const read = await begun(store, [everySlot])
      const lease = await leaseOf(store)
      const { first, last, generation } = only(read)
      const parked = names.map((sequence) => aParked(3, { sequence }))
      await store.progress.commit(aCommit(lease, { partition: { first, last, generation }, park: parked }))
      await arrange(store, quarters, read)
      const found = await Promise.all(
        quarters.map((slots) =>
          store.parking.sequences({ processor: 'totals', branch: 0, slots, mostEvents: 1, limit: 100 }),
        ),
      )
      assert.deepEqual(found.flatMap((part) => part.map(({ sequence }) => sequence)).sort(), names.toSorted())
    },
  ),

  law(
    'moving a processor sends all of its partitions there, and forgets what is parked beyond',
    async (trial) => {
      const store = await trial.open()
      const partitions = await begun(store, quarters, 10)
      await commitTo(store, only(partitions, 1), 20)
      const lease = await leaseOf(store)
      const { first, last, generation } = only(partitions, 1)
      const parked = [4, 5, 9].map((position) => aParked(position))
      await store.progress.commit(aCommit(lease, { partition: { first, last, generation }, park: parked }))
      await park(store, [])
        .then(() => assert.fail('a commit that names no partition is fenced'))
        .catch((error: unknown) => assert.ok(isFenced(error)))
      const read = await partitionsOf(store)
      const move = { processor: 'totals', branch: 0, to: aCheckpoint(5), expected: keysOf(read) }
      assert.equal(await store.progress.move(move, anAct('reset')), true)
      assert.deepEqual(
        (await partitionsOf(store)).map(({ checkpoint }) => ({ ...checkpoint })),
        quarters.map(() => aCheckpoint(5)),
      )
      assert.deepEqual(await positionsParked(store), [4, 5])
      await assert.rejects(commitTo(store, only(read), 30), isFenced)
      assert.equal(await store.progress.move(move, anAct('reset')), false, 'the partitions are others now')
      assert.equal((await store.progress.checkpoint('totals', 0))?.position, 5)
    },
  ),

  law('moving a processor forgets what slots were ahead', async (trial) => {
    const store = await trial.open()
    const [low, high] = await begun(store, equalRanges(2))
    assert.ok(low && high)
    await commitTo(store, high, 8)
    await arrange(store, [everySlot], [low, high])
    const expected = keysOf(await partitionsOf(store))
    await store.progress.move(
      { processor: 'totals', branch: 0, to: aCheckpoint(2), expected },
      anAct('reset'),
    )
    assert.deepEqual(only(await partitionsOf(store)).ahead, [])
  }),
]
