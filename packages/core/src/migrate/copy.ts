import { mainBranch, type AppendResult, type EventRow, type Log } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { jsonCodec, type PayloadCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { Migration } from './definition.ts'
import { nothingCopied, type MapCheckpoint, type MapEntry, type MigrationMap } from './map.ts'
import { pastOf } from './past.ts'
import { type Plan, planOf, type Past } from './plan.ts'
import { Rewriter } from './rewrite.ts'
import { type Transaction, transactionsOf } from './transactions.ts'

export interface MigrationTask {
  /** The old log; it is only read. */
  readonly source: Store
  /** The new log: empty, or as an earlier run with the same migration and the same map has left it. */
  readonly target: Store
  readonly migration: Migration
  readonly map: MigrationMap
  /** How payloads are stored, in both. Default JSON. */
  readonly codec?: PayloadCodec
  /** How many events are copied in one transaction, about. Default 256. */
  readonly batchSize?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (tally: Readonly<MigrationTally>) => void
}

/** What a run has done. */
export interface MigrationTally {
  /** The last position of the old log that was copied, in this run or before, and the last there is. */
  position: number
  head: number
  /** The last position of the new log. */
  newPosition: number
  /** Of this run. */
  events: number
  newEvents: number
  dropped: number
  merged: number
  commands: number
}

/** So many bytes of events are copied in one transaction. */
const largestBatchBytes = 4 * 1024 * 1024

/**
 * Copies a log into a new one, rewritten by a migration's rules: transaction by transaction, with the times at which they
 * were recorded, commands included. Goes on where an earlier run was interrupted, at whatever moment, or where the old log
 * ended then.
 *
 * @throws HeadwaterError `migration.failed`, `migration.mismatch`, `app.invalid`
 */
export async function migrate(task: MigrationTask): Promise<MigrationTally> {
  const { source, target, map, signal } = task
  const from = await source.log.head(mainBranch)
  const to = await target.log.head(mainBranch)
  if (from.epoch === to.epoch)
    throw new HeadwaterError('migration.mismatch', 'A log can’t be migrated into itself')
  const checkpoint = (await map.begin({ source: from.epoch, target: to.epoch })) ?? nothingCopied
  if (checkpoint.new > to.position)
    throw new HeadwaterError(
      'migration.mismatch',
      `The map goes to position ${checkpoint.new} of the new log, which ends at ${to.position}`,
    )
  const copy = new Copy(task, checkpoint, to.position, from.position)
  const rewriter = new Rewriter(task.migration, source.log, task.codec ?? jsonCodec, () => copy.isShifted)
  const place = { position: checkpoint.old, sequence: checkpoint.sequence }
  for await (const transaction of transactionsOf(source, place, from.position)) {
    signal?.throwIfAborted()
    await copy.add(transaction, await rewriter.rewrite(transaction.events))
    if (copy.isFull) await copy.flush()
  }
  await copy.flush()
  return copy.tally
}

class Copy {
  readonly tally: MigrationTally
  readonly #task: MigrationTask
  readonly #past: Past
  /** The end of the new log when the run began: what stands up to there was appended by an interrupted one. */
  readonly #alreadyThere: number
  #checkpoint: MapCheckpoint
  #batch: Plan[] = []
  #entries = new Map<number, MapEntry>()
  /** How many events of the batch are to be appended, by tenant and stream. */
  #pending = new Map<string, number>()
  #events = 0
  #bytes = 0

  constructor(task: MigrationTask, checkpoint: MapCheckpoint, alreadyThere: number, head: number) {
    this.#task = task
    this.#checkpoint = checkpoint
    this.#alreadyThere = alreadyThere
    this.tally = {
      position: checkpoint.old,
      head,
      newPosition: checkpoint.new,
      events: 0,
      newEvents: 0,
      dropped: 0,
      merged: 0,
      commands: 0,
    }
    this.#past = pastOf({
      source: task.source,
      streams: task.migration.streams,
      entryOf: async (old) => this.#entries.get(old) ?? task.map.find(old),
      revisionOf: (tenant, stream) => this.#revisionOf(tenant, stream),
      isShifted: () => this.#checkpoint.isShifted,
    })
  }

  /** Whether any event up to now has another id, or another place, than it had. */
  get isShifted(): boolean {
    return this.#checkpoint.isShifted
  }

  get isFull(): boolean {
    const most = this.#task.batchSize ?? 256
    return this.#events >= most || this.#batch.length >= most || this.#bytes >= largestBatchBytes
  }

  async add(transaction: Transaction, outcomes: Parameters<typeof planOf>[1]): Promise<void> {
    const before = this.#checkpoint.new
    const plan = await planOf(transaction, outcomes, before, this.#past)
    this.#batch.push(plan)
    for (const entry of plan.entries) this.#entries.set(entry.old, entry)
    if (!this.#isThere(plan, before)) this.#expect(plan)
    this.#events += Math.max(plan.events, plan.entries.length)
    this.#checkpoint = {
      old: transaction.events.at(-1)?.position ?? this.#checkpoint.old,
      new: this.#checkpoint.new + plan.events,
      sequence: transaction.command?.sequence ?? this.#checkpoint.sequence,
      isShifted: this.#checkpoint.isShifted || plan.isShifted,
    }
    this.#count(plan)
  }

  #isThere({ events }: Plan, before: number): boolean {
    return events > 0 && before + events <= this.#alreadyThere
  }

  #expect({ request }: Plan): void {
    for (const { stream, events } of request.streams) {
      const key = `${request.tenant}\u0000${stream}`
      this.#pending.set(key, (this.#pending.get(key) ?? 0) + events.length)
      for (const { data } of events) this.#bytes += data.length
    }
  }

  async flush(): Promise<void> {
    if (this.#batch.length === 0) return
    await this.#append()
    await this.#task.map.add([...this.#entries.values()], this.#checkpoint)
    this.#batch = []
    this.#entries = new Map()
    this.#pending = new Map()
    this.#events = 0
    this.#bytes = 0
    this.tally.position = this.#checkpoint.old
    this.tally.newPosition = this.#checkpoint.new
    this.#task.onProgress?.(this.tally)
  }

  /** In one transaction; what an interrupted run had appended already is only compared. */
  async #append(): Promise<void> {
    const { log } = this.#task.target
    let position = this.#checkpoint.new - this.#batch.reduce((sum, { events }) => sum + events, 0)
    const missing: { plan: Plan; position: number }[] = []
    for (const plan of this.#batch) {
      if (plan.events > 0 && position + plan.events <= this.#alreadyThere)
        await this.#requireSame(plan, position)
      else if (plan.events > 0 || plan.request.command !== null) missing.push({ plan, position })
      position += plan.events
    }
    if (missing.length === 0) return
    const results = await log.append(missing.map(({ plan }) => plan.request))
    for (const [index, { plan, position: before }] of missing.entries())
      requireAppended(plan, before, results[index])
  }

  /** Its first and its last event are where they belong. */
  async #requireSame({ request, events }: Plan, before: number): Promise<void> {
    for (const position of new Set([before + 1, before + events])) {
      const [found] = await eventsAt(this.#task.target.log, position)
      if (found?.position !== position || found.commandId !== request.commandId)
        throw mismatch(`The new log holds another event at position ${position}`, position)
    }
  }

  async #revisionOf(tenant: string, stream: string): Promise<number> {
    const { revision } = await this.#task.target.log.readStream({
      branch: mainBranch,
      tenant,
      stream,
      after: Number.MAX_SAFE_INTEGER,
      limit: 1,
    })
    return revision + (this.#pending.get(`${tenant}\u0000${stream}`) ?? 0)
  }

  #count({ entries, events, request }: Plan): void {
    this.tally.events += entries.length
    this.tally.newEvents += events
    this.tally.dropped += entries.filter(({ dropped }) => dropped !== undefined).length
    this.tally.merged += entries.filter(({ into }) => into !== undefined).length
    if (request.command !== null) this.tally.commands += 1
  }
}

async function eventsAt(log: Log, position: number): Promise<readonly EventRow[]> {
  const { events } = await log.read({ branch: mainBranch, tenant: undefined, after: position - 1, limit: 1 })
  return events
}

/** Positions follow from the plan alone; where they don't, somebody else writes to the new log. */
function requireAppended({ events, request }: Plan, before: number, result: AppendResult | undefined): void {
  if (result?.status === 'failed') throw result.error
  if (result?.status === 'duplicate' && events === 0) return
  const position = events === 0 ? undefined : before + 1
  if (result?.status === 'appended' && result.position === position) return
  throw mismatch(`Transaction ${request.commandId} can’t be appended at position ${before + 1}`, before + 1)
}

function mismatch(message: string, position: number): HeadwaterError {
  return new HeadwaterError('migration.mismatch', message, { details: { position } })
}
