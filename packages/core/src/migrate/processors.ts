import { register } from '../app/registry.ts'
import { EventReader } from '../log/event-reader.ts'
import type { Checkpoint } from '../log/checkpoint.ts'
import type { EventToPark, ParkedEvent } from '../log/parking.ts'
import { mainBranch, type EventRow, type Log } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { jsonCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import { eventId, newId } from '../message/identity.ts'
import type { Subscription } from '../process/subscription.ts'
import type { MigrationTask } from './copy.ts'
import type { MapEntry, MigrationMap } from './map.ts'

/** Where a subscription goes on in the new log. */
export interface CarriedOver {
  readonly name: string
  /**
   * - `carried`: it goes on after `to`.
   * - `new`: it never ran in the old log, and begins in the new one as its definition says.
   * - `ahead`: in the new log it has gone further already, and is left alone.
   */
  readonly outcome: 'carried' | 'new' | 'ahead'
  /** What it had processed in the old log. */
  readonly from: number
  readonly to: number
  /** Events parked again. */
  readonly parked: number
  /** Edits that operators had made to parked events: they were of the old events, and are lost. */
  readonly lostEdits: number
}

const leaseDuration = 10_000
const pageSize = 500

/**
 * Sends the asynchronous subscriptions of the new log to where they stand in the old one, so that no effect of the past
 * happens again, and parks what they had parked. (Views are folded anew, which has no effects.) What a subscription had
 * processed beyond its slowest partition is processed once more.
 */
export async function carryOver(task: MigrationTask): Promise<readonly CarriedOver[]> {
  const { subscriptions, events } = register(task.migration.app)
  const reader = new EventReader(task.codec ?? jsonCodec, events.values())
  const from = await task.source.log.head(mainBranch)
  const to = await task.target.log.head(mainBranch)
  const copied = await task.map.begin({ source: from.epoch, target: to.epoch })
  const carried: CarriedOver[] = []
  for (const subscription of subscriptions.filter(({ when }) => when === 'async'))
    carried.push(await carryOne(task, subscription, reader, copied?.new ?? 0))
  return carried
}

async function carryOne(
  { source, target, map }: MigrationTask,
  subscription: Subscription,
  reader: EventReader,
  end: number,
): Promise<CarriedOver> {
  const { name } = subscription
  const old = await source.progress.checkpoint(name, mainBranch)
  const nothing = { name, from: 0, to: 0, parked: 0, lostEdits: 0 }
  if (old === undefined) return { ...nothing, outcome: 'new' }
  const to = await newPositionOf(source.log, map, old.position, end)
  const known = await target.progress.checkpoint(name, mainBranch)
  if (known !== undefined && known.position > to)
    return { ...nothing, outcome: 'ahead', from: old.position, to: known.position }
  const checkpoint = await checkpointAt(target.log, to)
  let parked = 0
  let lostEdits = 0
  await commit(target, name, checkpoint, [])
  for await (const page of parkedIn(source, name)) {
    const park: EventToPark[] = []
    for (const event of page) {
      if (event.edit !== undefined) lostEdits += 1
      const made = await rowsOf(target.log, await map.find(event.position))
      const rows = made.filter((row) => subscription.events.some(({ type }) => type === row.type))
      park.push(...rows.map((row, index) => parkedAs(event, row, index, subscription, reader)))
    }
    await commit(target, name, checkpoint, park)
    parked += park.length
  }
  return { name, outcome: 'carried', from: old.position, to, parked, lostEdits }
}

/**
 * The last new position of which everything before was processed: just before the first event that comes of what was not.
 * Transactions keep their order, so it is found in the next one of which something came, or in the rest of this one.
 */
async function newPositionOf(log: Log, map: MigrationMap, old: number, end: number): Promise<number> {
  let first = Number.POSITIVE_INFINITY
  let commandId: string | undefined
  for await (const entry of map.entries(old)) {
    if (entry.into !== undefined || entry.new.length === 0) continue
    const [row] = await rowsFrom(log, entry.old)
    if (first !== Number.POSITIVE_INFINITY && row?.commandId !== commandId) break
    commandId = row?.commandId
    first = Math.min(first, ...entry.new)
  }
  return first === Number.POSITIVE_INFINITY ? end : first - 1
}

/** The first of an event's successors was tried as often as it was; the others wait behind that one. */
function parkedAs(
  event: ParkedEvent,
  row: EventRow,
  index: number,
  subscription: Subscription,
  reader: EventReader,
): EventToPark {
  const { processor, branch, tenant, attempts, error, parkedAt } = event
  const tried = index === 0 ? { attempts, error } : { attempts: 0, error: null }
  const sequence = sequenceOf(subscription, row, reader)
  return { processor, branch, tenant, sequence, parkedAt, position: row.position, ...tried }
}

function sequenceOf(subscription: Subscription, row: EventRow, reader: EventReader): string {
  try {
    return subscription.keyOf(reader.read(row))
  } catch {
    // As a processor does it that can't tell the key: nothing waits behind the event.
    return `${row.stream}@${row.revision}`
  }
}

async function* parkedIn(store: Store, processor: string): AsyncGenerator<readonly ParkedEvent[]> {
  let after = 0
  for (;;) {
    const page = await store.parking.list({ processor, branch: mainBranch, after, limit: pageSize })
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.position
  }
}

async function rowsOf(log: Log, entry: MapEntry | undefined): Promise<readonly EventRow[]> {
  if (entry === undefined || entry.into !== undefined) return []
  const rows = await Promise.all(entry.new.map((position) => rowsFrom(log, position)))
  return rows.flat()
}

async function rowsFrom(log: Log, position: number): Promise<readonly EventRow[]> {
  const { events } = await log.read({ branch: mainBranch, tenant: undefined, after: position - 1, limit: 1 })
  return events
}

async function checkpointAt(log: Log, position: number): Promise<Checkpoint> {
  const { epoch } = await log.head(mainBranch)
  const [row] = position === 0 ? [] : await rowsFrom(log, position)
  return { epoch, position, eventId: row === undefined ? null : eventId(row.commandId, row.ordinal) }
}

async function commit(
  { leases, progress }: Store,
  processor: string,
  checkpoint: Checkpoint,
  park: readonly EventToPark[],
): Promise<void> {
  const lease = await leases.acquire(`processor:${processor}`, newId(), leaseDuration)
  if (lease === undefined)
    throw new HeadwaterError('migration.mismatch', `${processor} runs on the new log already`)
  try {
    await progress.commit({
      processor,
      branch: mainBranch,
      lease,
      checkpoint,
      documents: [],
      park,
      unpark: [],
    })
  } finally {
    await leases.release(lease)
  }
}
