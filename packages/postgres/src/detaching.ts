import type { Detaching, EventRow, SealedSegment, SegmentNeed } from '@headwater/core'
import { bigintArray, bytesArray, integerArray, textArray } from './arrays.ts'
import type { Database } from './database.ts'
import { encodedColumns } from './encoded.ts'
import { prepared } from './sql.ts'

const sql = prepared('segments')
const needs = sql('needs')
const begin = sql('begin')
const remove = sql('remove')
const end = sql('end')
const bringBack = sql('bring-back')
const put = sql('put')
const attach = sql('attach')

type NeedColumns = [kind: SegmentNeed['kind'], name: string, position: number]

export class PostgresDetaching implements Detaching {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async needs({ first, last }: SealedSegment): Promise<readonly SegmentNeed[]> {
    const { rows } = await this.#database.run<NeedColumns>(needs, [first, last])
    return rows.map(([kind, name, position]) => ({ kind, name, position }))
  }

  async begin({ number, first, last }: SealedSegment, file: string): Promise<boolean> {
    return (await this.#database.run(begin, [first, last, number, file])).count === 1
  }

  async remove(number: number, after: number, to: number): Promise<void> {
    await this.#database.run(remove, [number, after, to])
  }

  async end(number: number): Promise<boolean> {
    return (await this.#database.run(end, [number])).count === 1
  }

  async bringBack(number: number): Promise<boolean> {
    return (await this.#database.run(bringBack, [number])).count === 1
  }

  async put(number: number, events: readonly EventRow[]): Promise<void> {
    if (events.length === 0) return
    const data = events.map((event) => encodedColumns(event.data))
    await this.#database.run(put, [
      number,
      bigintArray(events.map(({ position }) => position)),
      textArray(events.map(({ tenant }) => tenant)),
      textArray(events.map(({ stream }) => stream)),
      bigintArray(events.map(({ revision }) => revision)),
      textArray(events.map(({ type }) => type)),
      integerArray(events.map(({ version }) => version)),
      textArray(events.map(({ commandId }) => commandId)),
      integerArray(events.map(({ ordinal }) => ordinal)),
      bigintArray(events.map(({ recordedAt }) => recordedAt)),
      bigintArray(events.map(({ occurredAt }) => occurredAt)),
      textArray(events.map(({ actor }) => actor)),
      textArray(events.map(({ correlationId }) => correlationId)),
      textArray(events.map(({ causationId }) => causationId)),
      textArray(data.map(([text]) => text)),
      bytesArray(data.map(([, bytes]) => bytes)),
    ])
  }

  async attach(number: number): Promise<boolean> {
    return (await this.#database.run(attach, [number])).count === 1
  }
}
