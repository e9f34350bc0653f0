import { mainBranch, type EventRow, type Log } from '../log/port.ts'
import { rowsOf } from '../log/rows.ts'
import type { CommandRow } from '../log/store.ts'
import { jsonCodec } from '../message/codec.ts'
import type { MigrationTask } from './copy.ts'
import { nothingCopied, type MapEntry } from './map.ts'
import { pastOf } from './past.ts'
import { type Plan, planOf } from './plan.ts'
import { Rewriter } from './rewrite.ts'
import { type Transaction, transactionsOf } from './transactions.ts'

/** Something in the new log or the map that the migration doesn't make of the old log. */
export interface MigrationFault {
  /** In the old log. */
  readonly old: number | undefined
  /** In the new one. */
  readonly new: number | undefined
  readonly message: string
}

/** A part of the old log that was verified. */
export interface VerifiedPage {
  readonly position: number
  readonly events: number
  readonly newEvents: number
  readonly commands: number
  readonly faults: readonly MigrationFault[]
}

const pageTransactions = 100

/**
 * Makes the new log once more, from the old one and by the rules, and compares it with the one that is there: every old
 * event has its entry in the map, every new event and every command is what the rules make, field by field, and there is
 * nothing else. What was appended to the new log after the copy is let alone.
 *
 * @throws HeadwaterError `migration.failed`, `migration.mismatch`
 */
export async function* verifyMigration(task: MigrationTask): AsyncGenerator<VerifiedPage> {
  const { source, target, map } = task
  const from = await source.log.head(mainBranch)
  const to = await target.log.head(mainBranch)
  const checkpoint = (await map.begin({ source: from.epoch, target: to.epoch })) ?? nothingCopied
  const verifier = new Verifier(task, checkpoint.isShifted)
  const rewriter = new Rewriter(task.migration, source.log, task.codec ?? jsonCodec, () => verifier.isShifted)
  let transactions = 0
  for await (const transaction of transactionsOf(source, { position: 0, sequence: 0 }, checkpoint.old)) {
    task.signal?.throwIfAborted()
    if ((transaction.command?.sequence ?? 0) > checkpoint.sequence) continue
    await verifier.verify(transaction, await rewriter.rewrite(transaction.events))
    if (++transactions % pageTransactions === 0) yield verifier.page()
  }
  await verifier.end(from.position, checkpoint.old, to.position)
  yield verifier.page()
}

class Verifier {
  readonly #task: MigrationTask
  readonly #past: ReturnType<typeof pastOf>
  readonly #entries: AsyncIterator<MapEntry>
  /** Whether any event up to now has another id, or another place, than it had. */
  isShifted = false
  #old = 0
  #new = 0
  #events = 0
  #newEvents = 0
  #commands = 0
  #faults: MigrationFault[] = []

  constructor(task: MigrationTask, isShifted: boolean) {
    this.#task = task
    this.#entries = task.map.entries(0)[Symbol.asyncIterator]()
    this.#past = pastOf({
      source: task.source,
      streams: task.migration.streams,
      entryOf: (old) => task.map.find(old),
      revisionOf: (tenant, stream) => revisionAt(task.target.log, tenant, stream, this.#new),
      isShifted: () => isShifted,
    })
  }

  page(): VerifiedPage {
    const page = {
      position: this.#old,
      events: this.#events,
      newEvents: this.#newEvents,
      commands: this.#commands,
      faults: this.#faults,
    }
    this.#faults = []
    return page
  }

  async verify(transaction: Transaction, outcomes: Parameters<typeof planOf>[1]): Promise<void> {
    const plan = await planOf(transaction, outcomes, this.#new, this.#past)
    this.isShifted ||= plan.isShifted
    for (const entry of plan.entries) await this.#verifyEntry(entry)
    await this.#verifyEvents(plan)
    if (transaction.command !== undefined) await this.#verifyCommand(transaction.command, plan)
    this.#old = transaction.events.at(-1)?.position ?? this.#old
    this.#new += plan.events
    this.#events += plan.entries.length
    this.#newEvents += plan.events
  }

  /** Nothing is left over, and nothing is missing. */
  async end(sourceHead: number, copied: number, targetHead: number): Promise<void> {
    const surplus = await this.#entries.next()
    if (surplus.done !== true)
      this.#fault(surplus.value.old, undefined, 'the map has an entry for an event that there is not')
    if (this.#old !== copied)
      this.#fault(copied, undefined, `the map goes to position ${copied}, the old log to ${this.#old}`)
    if (copied < sourceHead)
      this.#fault(
        copied + 1,
        undefined,
        `${sourceHead - copied} events of the old log are not in the new one yet`,
      )
    if (targetHead < this.#new)
      this.#fault(undefined, targetHead + 1, `the new log ends at ${targetHead} and not at ${this.#new}`)
  }

  async #verifyEntry(expected: MapEntry): Promise<void> {
    const { done, value } = await this.#entries.next()
    if (done === true) return this.#fault(expected.old, undefined, 'the map has no entry for it')
    const differs = differences({ id: undefined, dropped: undefined, into: undefined, ...expected }, value)
    if (differs.length > 0)
      this.#fault(expected.old, undefined, `its entry in the map has another ${differs.join(', ')}`)
  }

  async #verifyEvents({ request, events, entries }: Plan): Promise<void> {
    const { log } = this.#task.target
    const found = await rowsAt(log, this.#new, events)
    const tags = request.streams.flatMap((part) => part.events.map((event) => event.tags))
    for (const expected of rowsOf(request, this.#new + 1, request.recordedAt ?? 0, [])) {
      const { position, ordinal } = expected
      const old = entries.find((entry) => entry.into === undefined && entry.new.includes(position))?.old
      const row = found.get(position)
      if (row === undefined) {
        this.#fault(old, position, 'the new log has no such event')
        continue
      }
      // Revisions are the store's affair: dense from 1, in every stream.
      const differs = differences({ ...expected, revision: row.revision }, row)
      if (!(await hasTags(log, row, tags[ordinal - 1] ?? []))) differs.push('tags')
      if (differs.length > 0) this.#fault(old, position, `the new event has another ${differs.join(', ')}`)
    }
  }

  async #verifyCommand(old: CommandRow, { request, events }: Plan): Promise<void> {
    this.#commands += 1
    const row = await this.#task.target.commands.find(mainBranch, request.tenant, request.commandId)
    if (row === undefined)
      return this.#fault(old.position ?? undefined, undefined, `command ${old.id} is not in the new log`)
    const { actor, correlationId, command } = request
    const expected = {
      ...command,
      actor,
      correlationId,
      decidedAt: old.decidedAt,
      position: events === 0 ? null : this.#new + 1,
      events,
    }
    const differs = differences(expected, row)
    if (differs.length > 0)
      this.#fault(
        old.position ?? undefined,
        row.position ?? undefined,
        `command ${old.id} has another ${differs.join(', ')}`,
      )
  }

  #fault(old: number | undefined, position: number | undefined, message: string): void {
    this.#faults.push({ old, new: position, message })
  }
}

/** The names of the fields that are not as expected. */
function differences(expected: object, found: object): string[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const other: unknown = Reflect.get(found, name)
    return isSame(value, other) ? [] : [name]
  })
}

function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array || Array.isArray(one)) return String(one) === String(other)
  return one === other
}

/** Tags don't come with an event, but events are found by them. */
async function hasTags(log: Log, { tenant, position }: EventRow, tags: readonly string[]): Promise<boolean> {
  if (tags.length === 0) return true
  const query = { items: [{ tags }] }
  const page = await log.read({ branch: mainBranch, tenant, after: position - 1, limit: 1, query })
  return page.events[0]?.position === position
}

async function rowsAt(log: Log, after: number, count: number): Promise<ReadonlyMap<number, EventRow>> {
  const rows = new Map<number, EventRow>()
  for (let last = after; last < after + count; ) {
    const page = await log.read({
      branch: mainBranch,
      tenant: undefined,
      after: last,
      limit: after + count - last,
    })
    for (const row of page.events) rows.set(row.position, row)
    if (page.scannedTo <= last) break
    last = page.scannedTo
  }
  return rows
}

/** The revision of a stream at a position of the log: by halves, as its events are in the order of positions. */
async function revisionAt(log: Log, tenant: string, stream: string, position: number): Promise<number> {
  const read = (after: number) => log.readStream({ branch: mainBranch, tenant, stream, after, limit: 1 })
  let upTo = (await read(Number.MAX_SAFE_INTEGER)).revision
  let from = 0
  while (from < upTo) {
    const middle = Math.ceil((from + upTo) / 2)
    const [event] = (await read(middle - 1)).events
    if (event !== undefined && event.position <= position) from = middle
    else upTo = middle - 1
  }
  return from
}
