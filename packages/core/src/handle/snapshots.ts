import type { Aggregate } from '../decide/aggregate.ts'
import type { SnapshotPlan } from '../decide/snapshot-policy.ts'
import { codeHash } from '../message/code-hash.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { lostPart } from '../message/faithful.ts'
import { deepFreeze } from '../message/freeze.ts'
import { eventId } from '../message/identity.ts'
import { mainBranch } from '../log/port.ts'
import type { SnapshotRow } from '../log/snapshots.ts'
import type { Store } from '../log/store.ts'
import { SnapshotCodec } from './snapshot-codec.ts'
import type { StreamState } from './stream-state.ts'

/** What became of an aggregate's snapshots in this process, since it was started. */
export interface SnapshotCounts {
  readonly taken: number
  /** Streams that were loaded from one. */
  readonly used: number
  /** Those that other code, or code by other rules, had made. */
  readonly outdated: number
  /** Those of a history that the log doesn't have. */
  readonly untrusted: number
  /** Not taken because too many were waiting. */
  readonly skipped: number
  readonly failed: number
}

export interface StateOfStream extends StreamState {
  readonly tenant: string
  readonly stream: string
}

interface Waiting extends StateOfStream {
  readonly aggregate: Aggregate
  readonly plan: SnapshotPlan
}

export interface SnapshotKeeperParts {
  readonly store: Pick<Store, 'log' | 'snapshots'>
  readonly codec: PayloadCodec
  /** Of the log. */
  readonly epoch: string
  /** Of the dated rules that the folds go by. */
  readonly rulesHash: string
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** Streams whose snapshots may wait; rows and characters that are written at once. */
const longestQueue = 1_000
const mostAtOnce = 16
const largestAtOnce = 1_000_000

/**
 * Keeps states of streams beside the log, and finds them again. Nothing waits for it: a state is handed over when its
 * stream has moved far enough, and written when there is time; a stream that moves on meanwhile waits once.
 */
export class SnapshotKeeper {
  readonly #parts: SnapshotKeeperParts
  readonly #codec: SnapshotCodec
  readonly #waiting = new Map<string, Waiting>()
  readonly #hashes = new Map<SnapshotPlan, string>()
  readonly #counts = new Map<string, { -readonly [Count in keyof SnapshotCounts]: number }>()
  /** Aggregates whose states don't survive being stored, and why. */
  readonly #off = new Map<string, HeadwaterError>()
  #running: Promise<void> | undefined
  #isClosed = false

  constructor(parts: SnapshotKeeperParts) {
    this.#parts = parts
    this.#codec = new SnapshotCodec(parts.codec)
  }

  /** How many streams wait for theirs to be written. */
  get waiting(): number {
    return this.#waiting.size
  }

  countsOf({ name }: Aggregate): SnapshotCounts {
    return { ...this.#countsOf(name) }
  }

  /** Why none are taken of an aggregate; undefined: they are. */
  reasonOff({ name }: Aggregate): HeadwaterError | undefined {
    return this.#off.get(name)
  }

  /** Of the code and the rules that make a state: what others made is ignored. */
  hashOf(plan: SnapshotPlan): string {
    let hash = this.#hashes.get(plan)
    if (hash === undefined) this.#hashes.set(plan, (hash = codeHash(plan.hash, this.#parts.rulesHash)))
    return hash
  }

  /**
   * The state of a stream at some revision, from which it is folded on; undefined: from the first event. What the log
   * doesn't bear out is no snapshot, however it came there.
   */
  async find(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState | undefined> {
    const plan = aggregate.snapshots
    if (plan === undefined) return undefined
    const row = await this.#parts.store.snapshots.find(mainBranch, tenant, stream)
    if (row === undefined) return undefined
    const counts = this.#countsOf(aggregate.name)
    if (row.hash !== this.hashOf(plan)) {
      counts.outdated += 1
      return undefined
    }
    if (!(await this.#isOfThisLog(row))) {
      counts.untrusted += 1
      await this.#parts.store.snapshots.drop({ branch: mainBranch, tenant, stream })
      return undefined
    }
    return this.#read(aggregate, plan, row)
  }

  /** Takes over a state that its stream has come to, where the policy asks for a snapshot between the two revisions. */
  moved(aggregate: Aggregate, tenant: string, stream: string, from: number, to: StreamState): void {
    const plan = aggregate.snapshots
    if (plan?.every === undefined) return
    if (Math.floor(from / plan.every) === Math.floor(to.revision / plan.every)) return
    this.#add({ ...to, aggregate, plan, tenant, stream })
  }

  /** Takes those of streams now, as they are; gives how many. */
  async take(aggregate: Aggregate, streams: readonly StateOfStream[]): Promise<number> {
    const plan = aggregate.snapshots
    if (plan === undefined) return 0
    let taken = 0
    const queue = streams.filter(({ revision }) => revision > 0).map((one) => ({ ...one, aggregate, plan }))
    while (queue.length > 0 && !this.#off.has(aggregate.name)) taken += await this.#write(queue)
    return taken
  }

  /** In words, what of a snapshot is not as it should be at its revision; undefined: nothing. */
  differenceFrom({ name, snapshots }: Aggregate, row: SnapshotRow, state: unknown): string | undefined {
    return snapshots && lostPart(state, this.#codec.decode(name, snapshots, row.state).state)
  }

  /**
   * Whether a state survives being stored.
   *
   * @throws HeadwaterError `snapshot.unfaithful`, `codec.failed`
   */
  requireFaithful({ name, snapshots }: Aggregate, state: unknown): void {
    if (snapshots !== undefined) this.#codec.encode(name, snapshots, { state })
  }

  /** Writes what waits, and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
  }

  #add(waiting: Waiting): void {
    const { aggregate, tenant, stream, state } = waiting
    if (this.#isClosed || this.#off.has(aggregate.name)) return
    const key = JSON.stringify([tenant, stream])
    if (this.#waiting.size >= longestQueue && !this.#waiting.has(key)) {
      this.#countsOf(aggregate.name).skipped += 1
      return
    }
    // It is written later: a fold that writes into its state must fail rather than change what is written.
    deepFreeze(state)
    this.#waiting.set(key, waiting)
    this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      // When there is time: what is being answered now is answered first.
      await new Promise(setImmediate)
      const some = [...this.#waiting].slice(0, mostAtOnce)
      for (const [key] of some) this.#waiting.delete(key)
      try {
        const queue = some.map(([, waiting]) => waiting)
        while (queue.length > 0) await this.#write(queue)
      } catch (error) {
        if (isHeadwaterError(error, 'log.closed')) this.#waiting.clear()
        else this.#parts.onError(error)
      }
    }
    this.#running = undefined
  }

  /** Takes some from the queue and writes them in one transaction; gives how many. */
  async #write(queue: Waiting[]): Promise<number> {
    const rows: SnapshotRow[] = []
    const names: string[] = []
    let size = 0
    while (rows.length < mostAtOnce && size < largestAtOnce) {
      const waiting = queue.shift()
      if (waiting === undefined) break
      const row = await this.#rowOf(waiting)
      if (row === undefined) continue
      rows.push(row)
      names.push(waiting.aggregate.name)
      size += row.state.length
    }
    if (rows.length === 0) return 0
    try {
      await this.#parts.store.snapshots.save(rows)
    } catch (error) {
      for (const name of names) this.#countsOf(name).failed += 1
      throw error
    }
    for (const name of names) this.#countsOf(name).taken += 1
    return rows.length
  }

  /** Undefined: it can't be kept, and its aggregate's snapshots are off from now on. */
  async #rowOf({
    aggregate,
    plan,
    tenant,
    stream,
    revision,
    ...kept
  }: Waiting): Promise<SnapshotRow | undefined> {
    const { epoch, now } = this.#parts
    const id = await this.#eventIdAt(tenant, stream, revision)
    if (id === undefined) return undefined
    try {
      const encoded = this.#codec.encode(aggregate.name, plan, kept)
      const hash = this.hashOf(plan)
      return {
        branch: mainBranch,
        tenant,
        stream,
        revision,
        hash,
        epoch,
        eventId: id,
        takenAt: now(),
        state: encoded,
      }
    } catch (error) {
      this.#countsOf(aggregate.name).failed += 1
      this.#switchOff(aggregate, error)
      return undefined
    }
  }

  /** What can't be stored now can't be stored later either: said once. */
  #switchOff({ name }: Aggregate, cause: unknown): void {
    if (this.#off.has(name)) return
    const error = isHeadwaterError(cause)
      ? cause
      : new HeadwaterError(
          'snapshot.unfaithful',
          `The state of aggregate ${name} can’t be written: ${String(cause)}`,
          {
            cause,
          },
        )
    this.#off.set(name, error)
    this.#parts.onError(error)
  }

  /** One that can't be read is no loss but time. */
  #read({ name }: Aggregate, plan: SnapshotPlan, { state, revision }: SnapshotRow): StreamState | undefined {
    const counts = this.#countsOf(name)
    try {
      const read = this.#codec.decode(name, plan, state)
      counts.used += 1
      return { ...read, revision }
    } catch (error) {
      counts.failed += 1
      this.#parts.onError(error)
      return undefined
    }
  }

  async #isOfThisLog({ tenant, stream, revision, epoch, eventId: id }: SnapshotRow): Promise<boolean> {
    return epoch === this.#parts.epoch && id === (await this.#eventIdAt(tenant, stream, revision))
  }

  async #eventIdAt(tenant: string, stream: string, revision: number): Promise<string | undefined> {
    const page = { branch: mainBranch, tenant, stream, after: revision - 1, limit: 1 }
    const [event] = (await this.#parts.store.log.readStream(page)).events
    return event?.revision === revision ? eventId(event.commandId, event.ordinal) : undefined
  }

  #countsOf(name: string) {
    let counts = this.#counts.get(name)
    if (counts === undefined) {
      counts = { taken: 0, used: 0, outdated: 0, untrusted: 0, skipped: 0, failed: 0 }
      this.#counts.set(name, counts)
    }
    return counts
  }
}
