import { setTimeout as pause } from 'node:timers/promises'
import {
  type DocumentWrite,
  equalRanges,
  type EventRow,
  eventId,
  isHeadwaterError,
  type Lease,
  type Partition,
  reachedBy,
  slotOf,
  type SlotRange,
  type Store,
} from '@headwater/core'
import { aDocument } from '../make.ts'
import type { Message, Task } from './messages.ts'

type Tell = (message: Message) => void

/** The processor whose partitions are worked on and divided: it notes of each stream which revisions it has met. */
export const divided = { processor: 'divided', collection: 'met' } as const

/** Takes one partition after the other, and notes its events, batch by batch, as long as it holds the lease. */
export async function workOnPartitions(
  store: Store,
  { owner, leaseFor }: Extract<Task, { readonly kind: 'work-on-partitions' }>,
  tell: Tell,
): Promise<never> {
  for (;;) {
    for (const { first, last } of await store.progress.partitions(divided.processor, 0)) {
      const lease = await store.leases.acquire(`${divided.processor}[${first}-${last}]`, owner, leaseFor)
      if (lease === undefined) continue
      const noted = await workOn(store, { first, last }, lease)
      if (noted > 0) tell({ kind: 'projected', position: noted })
      await store.leases.release(lease)
    }
    await pause(1)
  }
}

/** A few batches. @returns how many events were noted */
async function workOn(store: Store, range: SlotRange, lease: Lease): Promise<number> {
  let noted = 0
  try {
    for (let batch = 0; batch < 5; batch += 1) {
      const partitions = await store.progress.partitions(divided.processor, 0)
      const partition = partitions.find(({ first, last }) => first === range.first && last === range.last)
      if (partition === undefined) return noted
      const count = await noteBatch(store, partition, lease)
      if (count === undefined) return noted
      noted += count
    }
  } catch (error) {
    // Another process has it, or it was cut anew.
    if (!isHeadwaterError(error, 'processor.fenced')) throw error
  }
  return noted
}

/** Undefined: there is nothing more. */
async function noteBatch(store: Store, partition: Partition, lease: Lease): Promise<number | undefined> {
  const { first, last, generation, checkpoint } = partition
  const query = { branch: 0, tenant: undefined, after: checkpoint.position, limit: 7 }
  const { events } = await store.log.read(query)
  const end = events.at(-1)
  if (end === undefined) return undefined
  const own = events.filter((event) => isOwn(partition, event))
  const documents = await documentsAfter(store, own)
  // Meanwhile it may be cut anew.
  await pause(Math.random() * 4)
  await store.progress.commit({
    processor: divided.processor,
    branch: 0,
    lease,
    partition: { first, last, generation },
    checkpoint: { epoch: 'epoch', position: end.position, eventId: eventId(end.commandId, end.ordinal) },
    documents,
    park: [],
    unpark: [],
  })
  return own.length
}

function isOwn(partition: Partition, { tenant, stream, position }: EventRow): boolean {
  const slot = slotOf(tenant, stream)
  const isInside = slot >= partition.first && slot <= partition.last
  return isInside && position > reachedBy(partition, slot).position
}

async function documentsAfter(store: Store, events: readonly EventRow[]): Promise<readonly DocumentWrite[]> {
  const streams = Map.groupBy(events, ({ stream }) => stream)
  const rows = await store.documents.get(divided.collection, 0, '', [...streams.keys()])
  return [...streams].map(([stream, met], index) => {
    const before = JSON.parse(String(rows[index]?.document ?? '[]')) as readonly number[]
    const revisions = [...before, ...met.map(({ revision }) => revision)]
    return aDocument(stream, revisions, { collection: divided.collection })
  })
}

/** Splits and joins partitions without end, and waits for nobody. */
export async function dividePartitions(store: Store, tell: Tell): Promise<never> {
  for (let turn = 1; ; turn += 1) {
    const expected = await store.progress.partitions(divided.processor, 0)
    const ranges = turn % 5 === 0 ? equalRanges(1 + (turn % 4)) : cutOrJoined(expected)
    const arrangement = { processor: divided.processor, branch: 0, ranges, expected }
    if (await store.progress.arrange(arrangement, undefined))
      tell({ kind: 'divided', partitions: ranges.length })
    await pause(Math.random() * 20)
  }
}

function cutOrJoined(ranges: readonly SlotRange[]): readonly SlotRange[] {
  const index = Math.floor(Math.random() * ranges.length)
  const [range, next] = [ranges[index], ranges[index + 1]]
  if (range === undefined) return ranges
  if (next !== undefined && (ranges.length > 5 || Math.random() < 0.5))
    return ranges.toSpliced(index, 2, { first: range.first, last: next.last })
  if (range.first === range.last) return ranges
  const middle = range.first + Math.floor(Math.random() * (range.last - range.first))
  return ranges.toSpliced(
    index,
    1,
    { first: range.first, last: middle },
    { first: middle + 1, last: range.last },
  )
}
