import type {
  Act,
  AskedQuery,
  ParkedDrop,
  ParkedEdit,
  ParkedEvent,
  ParkedQuery,
  ParkedSequence,
  ParkedSequencesQuery,
  Parking,
  RetryRequest,
  SequenceKey,
} from '@headwater/core'
import { slotOf } from '@headwater/core/slots'
import type { Database, Statement } from './database.ts'
import { encoded, type Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('parking')
/** So many sequences are looked at in one turn of the event loop. */
const stride = 100

interface ParkedColumns {
  readonly processor: string
  readonly branch: number
  readonly tenant: string
  readonly sequence: string
  readonly position: number
  readonly attempts: number
  readonly error: string | null
  readonly parked_at: number
  readonly edits: number
  readonly edit_data: string | Buffer | null
  readonly edit_version: number
  readonly edit_actor: string | null
  readonly edit_why: string | null
  readonly edited_at: number
}

interface FirstColumns extends SequenceKey {
  readonly slot: number
  readonly position: number
  readonly attempts: number
  readonly error: string | null
  readonly parked_at: number
}

type SequencePlace = [processor: string, branch: number, slot: number, tenant: string, sequence: string]

export class SqliteParking implements Parking {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #read: ReturnType<typeof prepareReads>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#read = prepareReads(reader.database)
  }

  list({
    processor,
    branch,
    tenant,
    sequence,
    after = 0,
    limit,
  }: ParkedQuery): Promise<readonly ParkedEvent[]> {
    const { list, listSequence } = this.#read
    return this.#reader.read(() => {
      const rows =
        tenant !== undefined && sequence !== undefined
          ? listSequence.all(processor, branch, slotOf(tenant, sequence), tenant, sequence, after, limit)
          : list.all(processor, branch, tenant ?? null, sequence ?? null, after, limit)
      return rows.map(parkedEventOf)
    })
  }

  async sequences(query: ParkedSequencesQuery): Promise<readonly ParkedSequence[]> {
    const found: ParkedSequence[] = []
    let after = query.after
    while (found.length < query.limit) {
      const { rows, last } = await this.#reader.read(() =>
        this.#stride(query, after, query.limit - found.length),
      )
      found.push(...rows)
      if (last === undefined) break
      after = last
      await new Promise(setImmediate)
    }
    return found
  }

  /** Goes from sequence to sequence, whatever stands in them. `last`: there are more. */
  #stride(
    { processor, branch, slots, tenant, mostEvents }: ParkedSequencesQuery,
    after: SequenceKey | undefined,
    limit: number,
  ): { readonly rows: readonly ParkedSequence[]; readonly last: SequenceKey | undefined } {
    const { first, next, countSequence, isAsked } = this.#read
    const rows: ParkedSequence[] = []
    let last: FirstColumns | undefined
    for (let looked = 0; looked < stride && rows.length < limit; looked += 1) {
      const before = last ?? (after && { ...after, slot: slotOf(after.tenant, after.sequence) })
      const row =
        before === undefined
          ? first.get(processor, branch, slots.first, slots.last)
          : next.get(processor, branch, before.slot, before.tenant, before.sequence, slots.last)
      if (row === undefined) return { rows, last: undefined }
      last = row
      if (tenant !== undefined && row.tenant !== tenant) continue
      const place: SequencePlace = [processor, branch, row.slot, row.tenant, row.sequence]
      const events = countSequence.get(...place, mostEvents) ?? 0
      rows.push(parkedSequenceOf(row, events, isAsked.get(...place) !== undefined))
    }
    return { rows, last }
  }

  count(processor: string, branch: number, most: number): Promise<number> {
    return this.#reader.read(() => this.#read.count.get(processor, branch, most) ?? 0)
  }

  edit(edit: ParkedEdit, act: Act): Promise<boolean> {
    return this.#writer.perform('editParked', edit, act)
  }

  drop(drop: ParkedDrop, act: Act): Promise<number> {
    return this.#writer.perform('dropParked', drop, act)
  }

  ask(request: RetryRequest, act: Act): Promise<number> {
    return this.#writer.perform('askParked', request, act)
  }

  asked({ processor, branch, slots, limit }: AskedQuery): Promise<readonly SequenceKey[]> {
    return this.#reader.read(() => this.#read.asked.all(processor, branch, slots.first, slots.last, limit))
  }
}

function prepareReads(database: Database) {
  return {
    list: database.prepare<[string, number, string | null, string | null, number, number], ParkedColumns>(
      sql('list'),
    ),
    listSequence: database.prepare<[...SequencePlace, number, number], ParkedColumns>(sql('list-sequence')),
    first: database.prepare<[string, number, number, number], FirstColumns>(sql('first-of-range')),
    next: database.prepare<[...SequencePlace, number], FirstColumns>(sql('next-of-range')),
    count: database.prepare<[string, number, number], number>(sql('count')).pluck(),
    countSequence: database.prepare<[...SequencePlace, number], number>(sql('count-sequence')).pluck(),
    isAsked: database.prepare<SequencePlace, number>(sql('is-asked')).pluck(),
    asked: database.prepare<[string, number, number, number, number], SequenceKey>(sql('asked')),
  } satisfies Record<string, Statement>
}

function parkedEventOf(columns: ParkedColumns): ParkedEvent {
  const { processor, branch, tenant, sequence, position, attempts, error, parked_at, edits } = columns
  const { edit_data, edit_version, edit_actor, edit_why, edited_at } = columns
  const edit =
    edit_data === null
      ? undefined
      : { data: encoded(edit_data), version: edit_version, actor: edit_actor, why: edit_why, at: edited_at }
  const event = { processor, branch, tenant, sequence, position, attempts, error, parkedAt: parked_at }
  return { ...event, edits, edit }
}

function parkedSequenceOf(row: FirstColumns, events: number, isAsked: boolean): ParkedSequence {
  const { tenant, sequence, position, attempts, error, parked_at: parkedAt } = row
  return { tenant, sequence, position, attempts, error, parkedAt, events, isAsked }
}
