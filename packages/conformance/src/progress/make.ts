import assert from 'node:assert/strict'
import type {
  Act,
  Checkpoint,
  EventToPark,
  Lease,
  Partition,
  PartitionKey,
  ProcessingResult,
  ProgressCommit,
  SlotRange,
  Store,
} from '@headwater/core'

export const minute = 60_000
export const everySlot: SlotRange = { first: 0, last: 65_535 }
/** Four partitions, not all of one size. */
export const quarters: readonly SlotRange[] = [
  { first: 0, last: 9_999 },
  { first: 10_000, last: 29_999 },
  { first: 30_000, last: 30_000 },
  { first: 30_001, last: 65_535 },
]

export async function leaseOf(store: Store, name = 'totals', owner = 'one'): Promise<Lease> {
  const lease = await store.leases.acquire(name, owner, minute)
  assert.ok(lease)
  return lease
}

export function aCheckpoint(position: number): Checkpoint {
  return { epoch: 'epoch-1', position, eventId: position === 0 ? null : `command-${position}.1` }
}

export function aCommit(lease: Lease, parts: Partial<ProgressCommit> = {}): ProgressCommit {
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

export function aParked(position: number, parts: Partial<EventToPark> = {}): EventToPark {
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

export function aResult(position: number, parts: Partial<ProcessingResult> = {}): ProcessingResult {
  return {
    processor: 'totals',
    branch: 0,
    tenant: '',
    sequence: 'a-1',
    position,
    status: 'handled',
    attempts: 1,
    result: '{"sent":true}',
    error: null,
    owner: 'process-1',
    at: 1_700_000_000_000,
    actor: null,
    why: null,
    job: null,
    ...parts,
  }
}

export function anAct(kind: Act['kind'], parts: Partial<Act> = {}): Act {
  return { kind, actor: 'ada', why: 'a reason', at: 1_700_000_000_000, details: '{}', ...parts }
}

/** Parks events by a commit of their own. */
export async function park(store: Store, events: readonly EventToPark[]): Promise<void> {
  const lease = await leaseOf(store)
  await store.progress.commit(aCommit(lease, { park: events }))
}

export async function positionsParked(
  store: Store,
  processor = 'totals',
  branch = 0,
): Promise<readonly number[]> {
  const parked = await store.parking.list({ processor, branch, limit: 100 })
  return parked.map(({ position }) => position)
}

export async function partitionsOf(store: Store): Promise<readonly Partition[]> {
  return store.progress.partitions('totals', 0)
}

export function keysOf(partitions: readonly Partition[]): readonly PartitionKey[] {
  return partitions.map(({ first, last, generation }) => ({ first, last, generation }))
}

/** Begins a processor with partitions and gives them. */
export async function begun(
  store: Store,
  ranges: readonly SlotRange[] = quarters,
  position = 0,
): Promise<readonly Partition[]> {
  await store.progress.begin({ processor: 'totals', branch: 0, ranges, checkpoint: aCheckpoint(position) })
  return partitionsOf(store)
}
