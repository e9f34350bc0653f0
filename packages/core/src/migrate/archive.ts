import type { Checkpoint } from '../log/checkpoint.ts'
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

/** What an archive consists of, in this order: transactions as they happened, then processors, each with what it parked. */
export type ArchiveRecord =
  | { readonly kind: 'transaction'; readonly transaction: Transaction }
  | { readonly kind: 'processor'; readonly processor: ArchivedProcessor }
  | { readonly kind: 'parked'; readonly parked: readonly EventToPark[] }

const pageSize = 500

/** What an archive of the log would be headed by now. */
export async function archiveHead({ log }: Pick<Store, 'log'>): Promise<ArchiveHead> {
  const { epoch, position } = await log.head(mainBranch)
  return { epoch, position }
}

/**
 * All that a log can't be folded from: its events and commands, of all tenants, and how far its processors are. Documents of
 * views, snapshots and memory images follow from it, and branches are not in it.
 *
 * @param from after what: an archive may be gone on with
 */
export async function* archiveOf(
  store: Pick<Store, 'log' | 'commands' | 'controls' | 'progress' | 'parking'>,
  head: ArchiveHead,
  from: Place = { position: 0, sequence: 0 },
): AsyncGenerator<ArchiveRecord> {
  for await (const transaction of transactionsOf(store, from, head.position))
    yield { kind: 'transaction', transaction }
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
