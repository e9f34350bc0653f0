import type { Aggregate } from '../decide/aggregate.ts'
import type { SnapshotPlan } from '../decide/snapshot-policy.ts'
import { instantOf } from '../decide/rule-dates.ts'
import { eventId } from '../message/identity.ts'
import { aggregateNameOf } from '../message/stream.ts'
import { isOfHistory } from '../log/checkpoint.ts'
import type { Clock } from '../log/clock.ts'
import type { Lease } from '../log/leases.ts'
import { mainBranch, type LogHead } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import type { SnapshotKeeper, StateOfStream } from './snapshots.ts'
import type { StreamStates } from './states.ts'

export interface SnapshotRoundsParts {
  readonly store: Store
  readonly states: StreamStates
  readonly keeper: SnapshotKeeper
  readonly clock: Clock
  readonly owner: string
  /** Milliseconds for which a process that died keeps others from going on with its round. */
  readonly leaseDuration: number
  readonly onError: (error: unknown) => void
}

/** Streams that are gathered before their snapshots are taken. */
const mostGathered = 500
const pageSize = 1_000

interface StreamName {
  readonly tenant: string
  readonly stream: string
}

/**
 * Takes the snapshots of all streams that have moved since the last round: at a time of day, or when asked. The round goes
 * along the log from where the last one ended, so that it costs what has happened and not what there is; one process does
 * it at a time.
 */
export class SnapshotRounds {
  readonly #parts: SnapshotRoundsParts
  readonly #stopping = new AbortController()
  readonly #daily: Promise<void>[] = []

  constructor(parts: SnapshotRoundsParts) {
    this.#parts = parts
  }

  /** Begins to wait for the time of day of each aggregate that has one. */
  run(aggregates: Iterable<Aggregate>): void {
    for (const aggregate of aggregates) {
      if (aggregate.snapshots?.at !== undefined)
        this.#daily.push(this.#everyDay(aggregate, aggregate.snapshots))
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#daily)
  }

  /** Makes a round now; gives how many were taken. Undefined: another process is at it. */
  async round(aggregate: Aggregate): Promise<number | undefined> {
    const { store, clock, owner, leaseDuration, onError } = this.#parts
    const lease = await store.leases.acquire(roundOf(aggregate), owner, leaseDuration)
    if (lease === undefined) return undefined
    const stopRenewing = clock.every(leaseDuration / 3, () => {
      store.leases.renew(lease, leaseDuration).catch(onError)
    })
    try {
      return await this.#goRound(aggregate, lease)
    } finally {
      stopRenewing()
      await store.leases.release(lease)
    }
  }

  async #everyDay(aggregate: Aggregate, plan: SnapshotPlan): Promise<void> {
    const { clock, onError } = this.#parts
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const now = clock.now()
      await clock.idle(nextTime(plan, now) - now, signal)
      if (signal.aborted) return
      await this.round(aggregate).catch(onError)
    }
  }

  async #goRound(aggregate: Aggregate, lease: Lease): Promise<number> {
    const { store } = this.#parts
    const head = await store.log.head(mainBranch)
    let position = await this.#beginning(aggregate, head)
    let taken = 0
    while (position < head.position && !this.#stopping.signal.aborted) {
      const { streams, scannedTo } = await this.#gather(aggregate, position, head.position)
      for (let from = 0; from < streams.length; from += mostAtOnce)
        taken += await this.#take(aggregate, streams.slice(from, from + mostAtOnce))
      await this.#save(aggregate, lease, head.epoch, scannedTo)
      position = scannedTo
    }
    return taken
  }

  async #beginning(aggregate: Aggregate, head: LogHead): Promise<number> {
    const checkpoint = await this.#parts.store.progress.checkpoint(roundOf(aggregate), mainBranch)
    // Along another history nothing was taken that counts.
    if (checkpoint === undefined || !isOfHistory(checkpoint, head)) return 0
    return checkpoint.position <= head.position ? checkpoint.position : 0
  }

  /** Streams of the aggregate with events in a stretch of the log. */
  async #gather({ name, events }: Aggregate, from: number, to: number) {
    const types = events.map(({ type }) => type)
    const streams = new Map<string, StreamName>()
    let scannedTo = from
    while (scannedTo < to && streams.size < mostGathered) {
      const query = { branch: mainBranch, tenant: undefined, after: scannedTo, limit: pageSize, types }
      const page = await this.#parts.store.log.read(query)
      for (const { tenant, stream } of page.events) {
        if (aggregateNameOf(stream) === name)
          streams.set(JSON.stringify([tenant, stream]), { tenant, stream })
      }
      scannedTo = page.scannedTo
      await new Promise(setImmediate)
    }
    return { streams: [...streams.values()], scannedTo }
  }

  async #take(aggregate: Aggregate, streams: readonly StreamName[]): Promise<number> {
    const { states, keeper } = this.#parts
    const found: StateOfStream[] = []
    for (const { tenant, stream } of streams)
      found.push({ tenant, stream, ...(await states.look(aggregate, tenant, stream)) })
    const taken = await keeper.take(aggregate, found)
    await new Promise(setImmediate)
    return taken
  }

  async #save(aggregate: Aggregate, lease: Lease, epoch: string, position: number): Promise<void> {
    const { log, progress } = this.#parts.store
    const { events } = await log.read({
      branch: mainBranch,
      tenant: undefined,
      after: position - 1,
      limit: 1,
    })
    const [event] = events
    const id = event === undefined ? null : eventId(event.commandId, event.ordinal)
    await progress.commit({
      processor: roundOf(aggregate),
      branch: mainBranch,
      lease,
      checkpoint: { epoch, position, eventId: id },
      documents: [],
      park: [],
      unpark: [],
    })
  }
}

/** The streams of so many snapshots are in memory at once. */
const mostAtOnce = 16

/** The name of the round's lease and of its checkpoint. */
function roundOf({ name }: Aggregate): string {
  return `snapshots:${name}`
}

/** The next time of day, in epoch milliseconds, after a moment. */
export function nextTime(
  { at = '00:00', timeZone }: Pick<SnapshotPlan, 'at' | 'timeZone'>,
  now: number,
): number {
  for (const days of [0, 1, 2]) {
    const day = new Date(now + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone })
    const time = instantOf(`${day}T${at}`, timeZone)
    if (time !== undefined && time > now) return time
  }
  throw new RangeError(`There is no ${at} after ${now} in ${timeZone}`)
}
