import type { Checkpoint } from '../log/checkpoint.ts'
import type { JournaledCall } from '../log/external-journal.ts'
import type { EventToPark } from '../log/parking.ts'
import type { Encoded } from '../message/codec.ts'
import { mainBranch } from '../log/port.ts'
import type { CommandRow, Store } from '../log/store.ts'
import type { SlotRange } from '../log/slots.ts'
import { piecesOf } from '../log/partitions.ts'
import { type Place, type Transaction, transactionsOf } from './transactions.ts'

/** What an archive says of itself, before all else. */
export interface ArchiveHead {
  /** Of the log that was archived. */
  readonly epoch: string
  /** The last position that the archive goes to. */
  readonly position: number
}

/** How far a processor had come: of some of its keys, to a position and the id of the event there. */
export interface ArchivedProgress extends SlotRange {
  readonly position: number
  readonly eventId: string | null
}

export interface ArchivedProcessor {
  readonly name: string
  readonly progress: readonly ArchivedProgress[]
}

/** A command without its place in the command log, which is counted anew. */
export type ArchivedCommand = Omit<CommandRow, 'sequence'>

/** A call to the outside without its place in the journal, which is counted anew. */
export type ArchivedCall = Omit<JournaledCall, 'sequence'>

/**
 * What an archive consists of, in this order: transactions as they happened, the calls to the outside that led to them, then
 * processors, each with what it parked.
 */
export type ArchiveRecord =
  | { readonly kind: 'transaction'; readonly transaction: Transaction }
  | { readonly kind: 'calls'; readonly calls: readonly ArchivedCall[] }
  | { readonly kind: 'processor'; readonly processor: ArchivedProcessor }
  | { readonly kind: 'parked'; readonly parked: readonly EventToPark[] }

const pageSize = 500

/** What an archive of the log would be headed by now. */
export async function archiveHead({ log }: Pick<Store, 'log'>): Promise<ArchiveHead> {
  const { epoch, position } = await log.head(mainBranch)
  return { epoch, position }
}

/**
 * All that a log can't be folded from: its events and commands, of all tenants, what the outside answered, and how far its
 * processors are. Documents of views, snapshots and memory images follow from it, and branches are not in it.
 *
 * @param from after what: an archive may be gone on with
 */
export async function* archiveOf(
  store: Pick<Store, 'log' | 'commands' | 'externals' | 'controls' | 'progress' | 'parking'>,
  head: ArchiveHead,
  from: Place = { position: 0, sequence: 0 },
): AsyncGenerator<ArchiveRecord> {
  for await (const transaction of transactionsOf(store, from, head.position))
    yield { kind: 'transaction', transaction }
  yield* callsOf(store)
  for (const { processor: name } of await store.controls.list(mainBranch)) {
    const partitions = await store.progress.partitions(name, mainBranch)
    if (partitions.length === 0) continue
    const progress = partitions.flatMap(piecesOf).map(({ first, last, checkpoint }) => ({
      first,
      last,
      ...within(checkpoint, head),
    }))
    yield { kind: 'processor', processor: { name, progress } }
    yield* parkedBy(store, name, head)
  }
}

/** Answers may be long. */
const callsAtOnce = 50

async function* callsOf({ externals }: Pick<Store, 'externals'>): AsyncGenerator<ArchiveRecord> {
  for (let after = 0; ; ) {
    const page = await externals.read({ branch: mainBranch, after, limit: callsAtOnce })
    const last = page.at(-1)
    if (last === undefined) return
    after = last.sequence
    yield { kind: 'calls', calls: page.map(({ sequence: _sequence, ...call }) => call) }
  }
}

/** The log may go on while it is archived: processors may stand beyond its end. */
function within(
  { position, eventId }: Checkpoint,
  head: ArchiveHead,
): Pick<Checkpoint, 'position' | 'eventId'> {
  return position <= head.position ? { position, eventId } : { position: head.position, eventId: null }
}

async function* parkedBy(
  { parking }: Pick<Store, 'parking'>,
  processor: string,
  head: ArchiveHead,
): AsyncGenerator<ArchiveRecord> {
  let after = 0
  for (;;) {
    const page = await parking.list({ processor, branch: mainBranch, after, limit: pageSize })
    const parked = page.filter(({ position }) => position <= head.position)
    if (parked.length > 0) yield { kind: 'parked', parked }
    const last = page.at(-1)
    if (last === undefined) return
    after = last.position
  }
}

/** Whether two transactions are the same, in every field but the command's place in the command log. */
export function areSameTransactions(one: Transaction, other: Transaction): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other))
}

/** Whether a call is the same, in every field but its place in the journal. */
export function areSameCalls(one: ArchivedCall, other: ArchivedCall | undefined): boolean {
  if (other === undefined) return false
  return JSON.stringify(plainCall(one)) === JSON.stringify(plainCall(other))
}

function plainCall(call: ArchivedCall): unknown {
  const { branch, tenant, caller, external, hash, number } = call
  const { request, status, answer, error, attempts, intendedAt, settledAt } = call
  return [
    [branch, tenant, caller.kind, caller.name, caller.id, caller.series, external, hash, number],
    [
      textOf(request),
      status,
      answer === null ? null : [textOf(answer)],
      error,
      attempts,
      intendedAt,
      settledAt,
    ],
  ]
}

function plain({ command, events }: Transaction): unknown {
  const {
    sequence: _sequence,
    payload,
    reason,
    ...rest
  } = command ?? { sequence: 0, payload: '', reason: null }
  return [
    command && [
      Object.entries(rest).toSorted(byName),
      textOf(payload),
      reason === null ? null : textOf(reason),
    ],
    events.map(({ data, ...row }) => [Object.entries(row).toSorted(byName), textOf(data)]),
  ]
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

function textOf(data: Encoded): unknown {
  return typeof data === 'string' ? data : [...data]
}
