import assert from 'node:assert/strict'
import type { EventRow, Store } from '@headwater/core'
import { chase } from '../chase.ts'
import { law } from '../law.ts'
import { aRequest, appended, readAll, to } from '../make.ts'
import { rounds, type Trial } from '../trial.ts'
import { startTask } from './start.ts'
import { counter } from './tasks.ts'
import { requestsRecorded } from './workload.ts'

const unending = 1_000_000

export const crashLaws = [
  law(
    'a process killed in the midst of appending loses nothing that was acknowledged and records nothing twice',
    async (trial) => {
      const acknowledged = new Map<string, number>()
      let from = 0
      for (let round = 0; round < 6 * rounds; round++) {
        const callers = 1 + (round % 3) * 8
        const writer = startTask(trial, {
          kind: 'append',
          writer: 'one',
          from,
          count: unending,
          callers,
        })
        await writer.told('acknowledged', 1 + Math.floor(Math.random() * 150))
        await writer.kill()
        for (const { number, position } of writer.all('acknowledged')) {
          if (position !== undefined) acknowledged.set(`one.${number}`, position)
        }
        const store = await trial.open()
        const recorded = await requestsRecorded(store, await readThrough(store))
        for (const [id, position] of acknowledged)
          assert.equal(recorded.get(id), position, `${id} stands where it was acknowledged`)
        await store.close()
        // What was under way is sent again, as its sender would do.
        const last = Math.max(-1, ...writer.all('acknowledged').map(({ number }) => number))
        from = Math.max(0, last + 1 - callers)
      }
      assert.ok(acknowledged.size > 0)
    },
    'multiProcess',
    'durable',
  ),

  law(
    'a process killed in the midst of appending leaves the others at work',
    async (trial) => {
      const store = await trial.open()
      for (let round = 0; round < 3 * rounds; round++) {
        const writer = startTask(trial, {
          kind: 'append',
          writer: `w${round}`,
          from: 0,
          count: unending,
          callers: 8,
        })
        await writer.told('acknowledged', 20)
        await writer.kill()
        await appended(store.log, aRequest([to('survivor-1')]))
      }
      await readThrough(store)
    },
    'multiProcess',
    'durable',
  ),

  law(
    'a processor killed in the midst of its work has counted exactly the events up to its checkpoint',
    async (trial) => {
      let reached = 0
      for (let round = 0; round < 5 * rounds; round++) {
        await withStore(trial, fill)
        const processor = startTask(trial, { kind: 'project', owner: `owner-${round}`, leaseFor: 250 })
        await processor.told('projected', 2 + Math.floor(Math.random() * 15))
        await processor.kill()
        const before = reached
        reached = await withStore(trial, countedUpTo)
        assert.ok(reached > before, 'it went on where the one before was killed')
      }
    },
    'multiProcess',
    'durable',
  ),

  law(
    'of several processors with one lease each event is counted by one, though some are killed',
    async (trial) => {
      const store = await trial.open()
      await store.documents.define(counter.collection, [])
      const start = (owner: string) => startTask(trial, { kind: 'project', owner, leaseFor: 150 })
      const processors = ['one', 'two', 'three'].map(start)
      for (let batch = 0; batch < 60; batch++) await store.log.append([aRequest([to(`s-${batch}`, 5)])])
      await Promise.race(processors.map((processor) => processor.told('projected', 5)))
      await Promise.all(processors.slice(0, 2).map((processor) => processor.kill()))
      const { position: head } = await store.log.head(0)
      for (;;) {
        const checkpoint = await store.progress.checkpoint(counter.processor, 0)
        if (checkpoint?.position === head) break
        await processors[2]?.told('projected', processors[2].all('projected').length + 1)
      }
      const [row] = await store.documents.get(counter.collection, 0, '', [counter.key])
      assert.equal(Number(row?.document), head)
      assert.equal((await readAll(store.log)).length, head)
    },
    'multiProcess',
  ),

  law(
    'a process killed in the midst of saving an image leaves one that is whole, and the next one goes on',
    async (trial) => {
      let reached = 0
      for (let round = 0; round < 5 * rounds; round++) {
        const saver = startTask(trial, { kind: 'image', owner: `owner-${round}`, leaseFor: 250 })
        await saver.told('published', 1 + Math.floor(Math.random() * 15))
        await saver.kill()
        const told = saver.all('published').at(-1)?.position ?? 0
        const before = reached
        reached = await withStore(trial, wholeImage)
        assert.ok(reached >= told, 'what was published is the snapshot')
        assert.ok(told > before, 'it went on from the snapshot of the one before')
      }
    },
    'multiProcess',
    'durable',
  ),
]

/** The whole log, checked on every page. */
async function readThrough(store: Store): Promise<readonly EventRow[]> {
  const { position } = await store.log.head(0)
  return chase(store.log, { limit: 1_000, until: () => position })
}

async function withStore<T>(trial: Trial, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await trial.open()
  const result = await use(store)
  await store.close()
  return result
}

/** Gives the processor a hundred events to count. */
async function fill(store: Store): Promise<void> {
  await store.documents.define(counter.collection, [])
  for (let batch = 0; batch < 20; batch++) {
    await store.log.append([aRequest([to(`s-${batch}`, 4)]), aRequest([to('s-0', 1)])])
  }
}

/** The position up to which the document counts every event and no other. */
async function countedUpTo(store: Store): Promise<number> {
  const checkpoint = await store.progress.checkpoint(counter.processor, 0)
  const [row] = await store.documents.get(counter.collection, 0, '', [counter.key])
  assert.ok(checkpoint && row)
  assert.equal(
    Number(row.document),
    checkpoint.position,
    'the document counts the events up to the checkpoint',
  )
  assert.equal(row.position, checkpoint.position, 'the document shows the checkpoint’s position')
  return checkpoint.position
}

/** The position of the image's snapshot, of which no part is missing. */
async function wholeImage(store: Store): Promise<number> {
  const head = await store.images.find('stock', 0)
  assert.ok(head)
  for (const { id, parts } of head.generations) {
    const found = await store.images.parts({
      image: 'stock',
      branch: 0,
      generation: id,
      after: 0,
      limit: 100,
    })
    assert.equal(found.length, parts, `generation ${id} has all of its parts`)
  }
  return head.position
}
