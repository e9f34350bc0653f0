import {
  asRecorded,
  type DocumentWrite,
  jsonCodec,
  type Lease,
  memoryStore,
  type RecordedEvent,
  recordedEvent,
  type Store,
  systemClock,
  view,
} from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ParkedSequences } from '../../src/process/parked-sequences.ts'
import { wholeScope } from '../../src/process/scope.ts'
import { ViewWork } from '../../src/view/view-work.ts'
import { Incremented } from '../support/counter.ts'

/** A document ends with 7, and cannot be folded by 13. */
const pageSize = 256
const totals = view('totals', {
  events: [Incremented],
  initial: { seen: [] as number[] },
  on: {
    Incremented: ({ seen }, { data, revision }) => {
      if (data.by === 13) throw new Error('unlucky')
      return data.by === 7 ? null : { seen: [...seen, revision] }
    },
  },
})

function happened(position: number, key: number, by: number): RecordedEvent {
  const fields = {
    position,
    tenant: '',
    stream: `counter-${key}`,
    revision: position,
    type: 'Incremented',
    version: 1,
    commandId: 'c',
    ordinal: position,
    recordedAt: 0,
    occurredAt: 0,
    actor: null,
    correlationId: null,
    causationId: null,
  }
  return recordedEvent(
    fields,
    asRecorded(() => ({ by })),
  )
}

class Killed extends Error {}

/** Builds a view in processes that are killed after so many transactions, until one gets to the end. */
async function build(
  store: Store,
  events: readonly RecordedEvent[],
  lives: readonly number[],
): Promise<void> {
  for (const life of [...lives, Number.POSITIVE_INFINITY]) {
    const lease = await store.leases.acquire('processor:totals@2', `life ${life}`, 60_000)
    if (lease === undefined) throw new Error('The lease is not free')
    try {
      await live(store, lease, events, life)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
    await store.leases.release(lease)
  }
}

async function live(
  store: Store,
  lease: Lease,
  events: readonly RecordedEvent[],
  life: number,
): Promise<void> {
  let left = life
  const commit = async (documents: readonly DocumentWrite[], given: object): Promise<void> => {
    if (left-- <= 0) throw new Killed()
    const nothing = { checkpoint: undefined, park: [], unpark: [] }
    await store.progress.commit({ processor: 'totals@2', branch: 0, lease, documents, ...nothing, ...given })
  }
  const work = new ViewWork(
    totals,
    {
      processor: 'totals@2',
      collection: 'totals@2',
      documents: store.documents,
      source: {
        log: store.log,
        decode: (row) =>
          recordedEvent(
            row,
            asRecorded(() => null),
          ),
      },
      codec: jsonCodec,
      onError: () => undefined,
      clock: systemClock,
      pace: 'build',
      commitAhead: (_lease, documents) => commit(documents, {}),
    },
    wholeScope,
  )
  const slots = { first: 0, last: 65_535 }
  const sequences = { processor: 'totals@2', branch: 0, slots, mostEvents: 1, limit: 10_000 }
  const parked = new ParkedSequences()
  parked.endReading(await store.parking.sequences(sequences))
  let position = (await store.progress.checkpoint('totals@2', 0))?.position ?? 0
  await work.begin(parked, () => undefined, position)
  while (position < events.length) {
    const page = events.slice(position, position + pageSize)
    await work.process(page, { lease, partition: { ...slots, generation: 1 } })
    position += page.length
    if (!work.isFull && position < events.length) continue
    const { documents, park } = work.collect()
    const toPark = park.map((event) => ({ ...event, processor: 'totals@2', branch: 0 }))
    await commit(documents, { checkpoint: { epoch: 'e', position, eventId: null }, park: toPark })
  }
}

async function built(events: readonly RecordedEvent[], lives: readonly number[]) {
  const store = memoryStore()
  await store.documents.define('totals@2', [])
  await build(store, events, lives)
  const query = {
    collection: 'totals@2',
    branch: 0,
    tenant: '',
    filters: [],
    sort: [],
    limit: 10_000,
    after: undefined,
  }
  const { items } = await store.documents.list(query)
  const parked = await store.parking.list({ processor: 'totals@2', branch: 0, limit: 10_000 })
  return {
    documents: items.map(({ key, document, position }) => [key, document, position]),
    parked: parked.map(({ sequence, position }) => [sequence, position]),
  }
}

describe('a build that writes documents ahead of its checkpoint', () => {
  it('gives the same documents and parked events, wherever it is killed', async () => {
    const keys = fc.array(fc.tuple(fc.nat(400), fc.constantFrom(1, 1, 1, 1, 7, 13)), {
      minLength: 900,
      maxLength: 1_600,
    })
    const lives = fc.array(fc.nat(6), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(keys, lives, async (list, killedAfter) => {
        const events = list.map(([key, by], index) =>
          happened(index + 1, key, by === 13 && key > 40 ? 1 : by),
        )
        expect(await built(events, killedAfter)).toEqual(await built(events, []))
      }),
      { numRuns: 15 },
    )
  })

  it('commits no more than some hundred documents at a time', async () => {
    const sizes: number[] = []
    const store = memoryStore()
    await store.documents.define('totals@2', [])
    const commit = store.progress.commit.bind(store.progress)
    store.progress.commit = (given) => {
      sizes.push(given.documents.length)
      return commit(given)
    }
    await build(
      store,
      Array.from({ length: 5_000 }, (_, index) => happened(index + 1, index, 1)),
      [],
    )
    expect(Math.max(...sizes)).toBeLessThan(300)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(5_000)
  })
})
