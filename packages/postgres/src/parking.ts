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
import { noted } from './control-calls.ts'
import { type Database, runAll, type Session, type Value } from './database.ts'
import { encodedColumns, encodedOf } from './encoded.ts'
import { keyOf, storedKey } from './keys.ts'
import { readable } from './readable.ts'
import { askedAndAnswered, placeOf, places } from './parking-calls.ts'
import { prepared } from './sql.ts'

const sql = prepared('parking')

type ParkedColumns = [
  tenant: string,
  sequence: string,
  position: number,
  attempts: number,
  error: string | null,
  parkedAt: number,
  edits: number,
  editData: string | null,
  editDataBytes: Uint8Array | null,
  editVersion: number,
  editActor: string | null,
  editWhy: string | null,
  editedAt: number,
]

type SequenceColumns = [
  tenant: string,
  sequence: string,
  position: number,
  attempts: number,
  error: string | null,
  parkedAt: number,
  events: number,
  isAsked: boolean,
]

export class PostgresParking implements Parking {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(query: ParkedQuery): Promise<readonly ParkedEvent[]> {
    const { processor, branch, tenant, sequence, after = 0, limit } = query
    const [name, values]: [string, readonly Value[]] =
      tenant !== undefined && sequence !== undefined
        ? ['list-sequence', [processor, branch, ...placeOf({ tenant, sequence }), after, limit]]
        : ['list', [processor, branch, after, storedOr(tenant), storedOr(sequence), limit]]
    const { rows } = await this.#database.run<ParkedColumns>(sql(name), values)
    return rows.map((row) => parkedEventOf(processor, branch, row))
  }

  async sequences(query: ParkedSequencesQuery): Promise<readonly ParkedSequence[]> {
    const { processor, branch, slots, tenant, after, mostEvents, limit } = query
    const behind = after === undefined ? [slots.first - 1, '', ''] : placeOf(after)
    const { rows } = await this.#database.run<SequenceColumns>(sql('sequences'), [
      processor,
      branch,
      slots.first,
      slots.last,
      ...behind,
      mostEvents,
      storedOr(tenant),
      limit,
    ])
    return rows.map(parkedSequenceOf)
  }

  async count(processor: string, branch: number, most: number): Promise<number> {
    const { rows } = await this.#database.run<[number]>(sql('count'), [processor, branch, most])
    return rows[0]?.[0] ?? 0
  }

  edit(edit: ParkedEdit, act: Act): Promise<boolean> {
    const { processor, branch, tenant, sequence, position, edits, data, version } = edit
    const place = [processor, branch, ...placeOf({ tenant, sequence }), position]
    const by = [readable(act.actor), readable(act.why), act.at]
    return this.#database.transaction(async (session) => {
      const values = [...encodedColumns(data), version, ...by, ...place, edits]
      const { count } = await session.run(sql('edit'), values)
      if (count > 0) await note(session, processor, branch, act)
      return count > 0
    })
  }

  drop({ processor, branch, tenant, sequence, from, to, limit }: ParkedDrop, act: Act): Promise<number> {
    const place = [processor, branch, ...placeOf({ tenant, sequence })]
    const by = [act.at, readable(act.actor), readable(act.why)]
    return this.#database.transaction(async (session) => {
      const { count } = await session.run(sql('drop'), [...place, from, to, limit, ...by])
      if (count === 0) return 0
      await runAll(session, askedAndAnswered(processor, branch, [{ tenant, sequence }], []))
      await note(session, processor, branch, act)
      return count
    })
  }

  ask({ processor, branch, sequences }: RetryRequest, act: Act): Promise<number> {
    if (sequences.length === 0) return Promise.resolve(0)
    return this.#database.transaction(async (session) => {
      const values = [processor, branch, ...places(sequences)]
      const { rows } = await session.run<[number]>(sql('ask-parked'), values)
      const asked = rows[0]?.[0] ?? 0
      if (asked > 0) await note(session, processor, branch, act)
      return asked
    })
  }

  async asked({ processor, branch, slots, limit }: AskedQuery): Promise<readonly SequenceKey[]> {
    const { rows } = await this.#database.run<[string, string]>(sql('asked'), [
      processor,
      branch,
      slots.first,
      slots.last,
      limit,
    ])
    return rows.map(([tenant, sequence]) => ({ tenant: keyOf(tenant), sequence: keyOf(sequence) }))
  }
}

async function note(session: Session, processor: string, branch: number, act: Act): Promise<void> {
  await runAll(session, noted(processor, branch, act))
}

function parkedEventOf(processor: string, branch: number, columns: ParkedColumns): ParkedEvent {
  const [tenant, sequence, position, attempts, error, parkedAt, edits, text, bytes, ...edited] = columns
  const [version, actor, why, at] = edited
  const edit =
    text === null && bytes === null ? undefined : { data: encodedOf(text, bytes), version, actor, why, at }
  const key = { tenant: keyOf(tenant), sequence: keyOf(sequence) }
  return { processor, branch, ...key, position, attempts, error, parkedAt, edits, edit }
}

function parkedSequenceOf(columns: SequenceColumns): ParkedSequence {
  const [tenant, sequence, position, attempts, error, parkedAt, events, isAsked] = columns
  const key = { tenant: keyOf(tenant), sequence: keyOf(sequence) }
  return { ...key, position, attempts, error, parkedAt, events, isAsked }
}

function storedOr(text: string | undefined): string | null {
  return text === undefined ? null : storedKey(text)
}
