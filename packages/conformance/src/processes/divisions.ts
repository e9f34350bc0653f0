import assert from 'node:assert/strict'
import { type AppendRequest, equalRanges, slotCount, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { aRequest, readAll, to } from '../make.ts'
import { aCheckpoint } from '../progress/make.ts'
import { rounds, type Trial } from '../trial.ts'
import { divided } from './division-tasks.ts'
import { startTask, type TaskProcess } from './start.ts'

/** Partitions that several processes work on, while others split and join them. */
export const divisionLaws = [
  law(
    'each event is processed once and in order while several processes work on partitions that others split and merge, and any of them is killed',
    async (trial) => {
      const store = await trial.open()
      await store.documents.define(divided.collection, [])
      await store.progress.begin({
        processor: divided.processor,
        branch: 0,
        ranges: equalRanges(3),
        checkpoint: aCheckpoint(0),
      })
      // So many that some are further on than others when they are merged.
      for (let batch = 0; batch < 40; batch += 1) await store.log.append(requests(batch))
      const workers = ['one', 'two', 'three'].map((owner) => startWorker(trial, owner))
      let divider = startTask(trial, { kind: 'divide-partitions' })
      for (let round = 0; round < 6 * rounds; round += 1) {
        await store.log.append(requests(round))
        await divider.told('divided', divider.all('divided').length + 3)
        const index = round % workers.length
        await workers[index]?.kill()
        workers[index] = startWorker(trial, `owner-${round}`)
        if (round % 2 === 0) {
          await divider.kill()
          divider = startTask(trial, { kind: 'divide-partitions' })
        }
      }
      await divider.kill()
      await reachedHead(store, workers)
      await Promise.all(workers.map((worker) => worker.kill()))
      await assertWhole(store)
    },
    'multiProcess',
  ),
]

/** Some events in streams of many slots. */
function requests(batch: number): readonly AppendRequest[] {
  return [1, 2, 3, 4].map((number) =>
    aRequest([to(`s-${(batch * 7 + number * 5) % 23}`, 4), to(`t-${batch % 11}`, 1)]),
  )
}

function startWorker(trial: Trial, owner: string): TaskProcess {
  return startTask(trial, { kind: 'work-on-partitions', owner, leaseFor: 200 })
}

/** Waits until all partitions have come to the end of the log: leases of those who were killed have to run out. */
async function reachedHead(store: Store, workers: readonly TaskProcess[]): Promise<void> {
  const { position: head } = await store.log.head(0)
  for (;;) {
    const partitions = await store.progress.partitions(divided.processor, 0)
    if (partitions.every(({ checkpoint }) => checkpoint.position >= head)) return
    assert.ok(
      workers.every(({ hasEnded }) => !hasEnded),
      'those who process go on',
    )
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function assertWhole(store: Store): Promise<void> {
  let next = 0
  for (const { first, last } of await store.progress.partitions(divided.processor, 0)) {
    assert.equal(first, next, 'the partitions hold every slot once')
    next = last + 1
  }
  assert.equal(next, slotCount, 'the partitions hold every slot once')
  const streams = Map.groupBy(await readAll(store.log), ({ stream }) => stream)
  const rows = await store.documents.get(divided.collection, 0, '', [...streams.keys()])
  for (const [index, [stream, events]] of [...streams].entries()) {
    const met = JSON.parse(String(rows[index]?.document ?? '[]')) as readonly number[]
    const revisions = events.map(({ revision }) => revision)
    assert.deepEqual(met, revisions, `each event of ${stream} was processed once and in order`)
  }
}
