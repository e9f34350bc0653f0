import { register } from '../app/registry.ts'
import type { App } from '../app/definition.ts'
import { EventReader } from '../log/event-reader.ts'
import type { EventToPark } from '../log/parking.ts'
import {
  mainBranch,
  type AppendRequest,
  type EventRow,
  type EventToAppend,
  type StreamAppend,
} from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { jsonCodec, type PayloadCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import { newId } from '../message/identity.ts'
import { type ArchivedCall, type ArchivedProcessor, areSameCalls, areSameTransactions } from './archive.ts'
import type { Transaction } from './transactions.ts'

export interface RestoreTask {
  /** Empty, or as an earlier run with the same archive has left it. */
  readonly target: Store
  /** Knows the tags of events, which stand in no archive, and which processors are subscriptions. */
  readonly app: App
  /** Default JSON. */
  readonly codec?: PayloadCodec
}

export interface RestoreTally {
  events: number
  commands: number
  /** Calls to the outside. */
  calls: number
  /** Of all, those that were there already. */
  repeated: number
}

const leaseDuration = 30_000

/** Makes of an archive the same log again: positions, revisions, ids, times, tenants and commands as they were. */
export class Restorer {
  readonly tally: RestoreTally = { events: 0, commands: 0, calls: 0, repeated: 0 }
  readonly #task: RestoreTask
  readonly #reader: EventReader
  readonly #types: ReturnType<typeof register>['events']
  readonly #subscriptions: ReadonlySet<string>
  #head: { readonly epoch: string; readonly position: number } | undefined

  constructor(task: RestoreTask) {
    const { events, subscriptions } = register(task.app)
    this.#task = task
    this.#types = events
    this.#reader = new EventReader(task.codec ?? jsonCodec, events.values())
    this.#subscriptions = new Set(subscriptions.map(({ name }) => name))
  }

  /** In one transaction; what is there already is only compared. @throws HeadwaterError `archive.mismatch` */
  async add(transactions: readonly Transaction[]): Promise<void> {
    const { log } = this.#task.target
    const { position } = (this.#head ??= await log.head(mainBranch))
    const requests: AppendRequest[] = []
    const missing: Transaction[] = []
    for (const transaction of transactions) {
      const last = transaction.events.at(-1)?.position ?? 0
      if (last > 0 && last <= position) await this.#requireSame(transaction)
      else {
        requests.push(this.#requestOf(transaction))
        missing.push(transaction)
      }
    }
    const results = requests.length === 0 ? [] : await log.append(requests)
    for (const [index, transaction] of missing.entries()) {
      const result = results[index]
      const first = transaction.events[0]?.position
      if (result?.status === 'failed') throw result.error
      if (result?.status === 'duplicate' && first === undefined) this.tally.repeated += 1
      else if (result?.status !== 'appended' || result.position !== first) throw mismatch(first)
    }
    for (const { command, events } of transactions) {
      this.tally.events += events.length
      this.tally.commands += command === undefined ? 0 : 1
    }
  }

  /** What the outside answered; what is there already is only compared. @throws HeadwaterError `archive.mismatch` */
  async keep(calls: readonly ArchivedCall[]): Promise<void> {
    const { externals } = this.#task.target
    // Their sequences are given anew.
    const kept = await externals.keep(calls.map((call) => ({ ...call, sequence: 0 })))
    for (const call of kept === calls.length ? [] : calls)
      if (!areSameCalls(call, await externals.find(call))) throw otherCall(call)
    this.tally.calls += calls.length
    this.tally.repeated += calls.length - kept
  }

  /**
   * Lets a subscription go on where it stood, so that no effect happens twice or never; one that has begun here is left
   * alone. Views are folded anew.
   *
   * @returns false: it is no subscription of the app's, or has begun already
   */
  async carryOver({ name, progress }: ArchivedProcessor): Promise<boolean> {
    const { target } = this.#task
    if (!this.#subscriptions.has(name)) return false
    if ((await target.progress.checkpoint(name, mainBranch)) !== undefined) return false
    const { epoch } = await target.log.head(mainBranch)
    const ranges = progress.map(({ first, last }) => ({ first, last }))
    const checkpoint = { epoch, position: 0, eventId: null }
    await target.progress.begin({ processor: name, branch: mainBranch, ranges, checkpoint })
    const partitions = await target.progress.partitions(name, mainBranch)
    await this.#alone(name, async (lease) => {
      for (const [index, { position, eventId }] of progress.entries()) {
        const partition = partitions[index]
        if (partition === undefined) continue
        const { first, last, generation } = partition
        await target.progress.commit({
          ...nothingOf(name),
          lease,
          partition: { first, last, generation },
          checkpoint: { epoch, position, eventId },
        })
      }
    })
    return true
  }

  /** What a subscription had parked is parked again, edits included. */
  async park(events: readonly EventToPark[]): Promise<void> {
    const [first] = events
    if (first === undefined || !this.#subscriptions.has(first.processor)) return
    const { progress } = this.#task.target
    const [partition] = await progress.partitions(first.processor, mainBranch)
    if (partition === undefined) return
    await this.#alone(first.processor, (lease) =>
      progress.commit({
        ...nothingOf(first.processor),
        lease,
        partition: { first: partition.first, last: partition.last, generation: partition.generation },
        checkpoint: undefined,
        park: events,
      }),
    )
  }

  async #requireSame(transaction: Transaction): Promise<void> {
    const { log, commands } = this.#task.target
    const positions = transaction.events.map(({ position }) => position)
    const events: EventRow[] = []
    while (events.length < positions.length) {
      const page = await log.readAt({ branch: mainBranch, positions: positions.slice(events.length) })
      if (page.length === 0) throw mismatch(positions[events.length])
      events.push(...page)
    }
    const { command } = transaction
    const found = command && (await commands.find(mainBranch, command.tenant, command.id))
    if (!areSameTransactions(transaction, { command: found, events })) throw mismatch(positions[0])
    this.tally.repeated += events.length + (command === undefined ? 0 : 1)
  }

  #requestOf({ command, events }: Transaction): AppendRequest {
    const [row] = events
    const of = row ?? command
    if (of === undefined) throw mismatch(undefined)
    return {
      tenant: of.tenant,
      branch: mainBranch,
      commandId: row?.commandId ?? command?.id ?? '',
      actor: of.actor,
      correlationId: of.correlationId,
      causationId: row === undefined ? null : row.causationId,
      streams: this.#streamsOf(events),
      conditions: [],
      documents: [],
      command: command === undefined ? null : command,
      recordedAt: row?.recordedAt ?? command?.decidedAt,
    }
  }

  #streamsOf(events: readonly EventRow[]): readonly StreamAppend[] {
    const streams: { stream: string; expected: StreamAppend['expected']; events: EventToAppend[] }[] = []
    for (const row of events) {
      let last = streams.at(-1)
      if (last?.stream !== row.stream) {
        last = { stream: row.stream, expected: row.revision === 1 ? 'none' : row.revision - 1, events: [] }
        streams.push(last)
      }
      last.events.push(this.#eventOf(row))
    }
    return streams
  }

  #eventOf(row: EventRow): EventToAppend {
    const { type, version, data, occurredAt } = row
    const known = this.#types.get(type)
    const tags = known?.tagsOf === undefined ? [] : known.tagsOf(this.#reader.read(row).data as never)
    return { type, version, data, occurredAt, tags }
  }

  async #alone(
    processor: string,
    work: (lease: NonNullable<Awaited<ReturnType<Store['leases']['acquire']>>>) => Promise<void>,
  ): Promise<void> {
    const { leases } = this.#task.target
    const lease = await leases.acquire(`processor:${processor}`, newId(), leaseDuration)
    if (lease === undefined)
      throw new HeadwaterError('archive.mismatch', `${processor} runs on this log already: stop it first`)
    try {
      await work(lease)
    } finally {
      await leases.release(lease)
    }
  }
}

function nothingOf(processor: string) {
  return { processor, branch: mainBranch, documents: [], park: [], unpark: [] }
}

export function otherCall({ external, caller }: ArchivedCall): HeadwaterError {
  return new HeadwaterError(
    'archive.mismatch',
    `A call of ${external} for ${caller.name} ${caller.id} is not in the log as the archive has it`,
    { details: { external, caller: caller.id } },
  )
}

function mismatch(position: number | undefined): HeadwaterError {
  const where = position === undefined ? '' : ` at position ${position}`
  return new HeadwaterError(
    'archive.mismatch',
    `The log holds something else than the archive${where}: it has to be empty, or made of this archive`,
    { details: { position } },
  )
}
