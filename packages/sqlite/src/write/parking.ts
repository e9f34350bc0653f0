import type {
  Act,
  EventToPark,
  ParkedDrop,
  ParkedEdit,
  RetryRequest,
  SequenceKey,
  Unpark,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { slotOf } from '@headwater/core/slots'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'
import type { ControlWriter } from './controls.ts'
import type { ResultWriter } from './results.ts'

const sql = statementsOf('parking')

const noEdit = [0, null, null, null, null, null]

type Parked = { readonly position: number; readonly attempts: number; readonly error: string | null }
type RangeOfSequence = [string, number, number, string, string, number, number, number]

/** Parked events, in the transaction that is open. */
export class ParkingWriter {
  readonly #controls: ControlWriter
  readonly #results: ResultWriter
  readonly #park: Statement
  readonly #unpark: Statement
  readonly #unparkAsRead: Statement
  readonly #unparkAfter: Statement
  readonly #edit: Statement
  readonly #toDrop: Statement<RangeOfSequence, Parked>
  readonly #isParked: Statement
  readonly #ask: Statement
  readonly #answer: Statement
  readonly #forget: readonly Statement[]

  constructor(database: Database, controls: ControlWriter, results: ResultWriter) {
    this.#controls = controls
    this.#results = results
    this.#park = database.prepare(sql('park'))
    this.#unpark = database.prepare(sql('unpark'))
    this.#unparkAsRead = database.prepare(sql('unpark-as-read'))
    this.#unparkAfter = database.prepare(sql('unpark-after'))
    this.#edit = database.prepare(sql('edit'))
    this.#toDrop = database.prepare(sql('to-drop'))
    this.#isParked = database.prepare(sql('is-parked'))
    this.#ask = database.prepare(sql('ask'))
    this.#answer = database.prepare(sql('answer'))
    this.#forget = [database.prepare(sql('forget-parked')), database.prepare(sql('forget-asked'))]
  }

  park(event: EventToPark): void {
    const { processor, branch, tenant, sequence, position, attempts, error, parkedAt, edit } = event
    const place = [processor, branch, slotOf(tenant, sequence), tenant, sequence, position]
    const edited = edit && [1, edit.data, edit.version, edit.actor, edit.why, edit.at]
    this.#park.run(...place, attempts, error, parkedAt, ...(edited ?? noEdit))
  }

  /** @throws HeadwaterError `processor.conflict` */
  unpark(processor: string, branch: number, { tenant, sequence, position, edits }: Unpark): void {
    const place = [processor, branch, slotOf(tenant, sequence), tenant, sequence, position]
    if (edits === undefined) this.#unpark.run(...place)
    else if (this.#unparkAsRead.run(...place, edits).changes === 0) {
      throw new HeadwaterError(
        'processor.conflict',
        `The parked event ${position} of ${sequence} was changed since it was read`,
      )
    }
  }

  unparkAfter(processor: string, branch: number, position: number): void {
    this.#unparkAfter.run(processor, branch, position)
  }

  edit(edit: ParkedEdit, act: Act): boolean {
    const { processor, branch, tenant, sequence, position, edits, data, version } = edit
    const place = [processor, branch, slotOf(tenant, sequence), tenant, sequence, position]
    const { changes } = this.#edit.run(data, version, act.actor, act.why, act.at, ...place, edits)
    if (changes > 0) this.#controls.note(processor, branch, act)
    return changes > 0
  }

  drop({ processor, branch, tenant, sequence, from, to, limit }: ParkedDrop, act: Act): number {
    const slot = slotOf(tenant, sequence)
    const dropped = this.#toDrop.all(processor, branch, slot, tenant, sequence, from, to, limit)
    if (dropped.length === 0) return 0
    const { actor, why, at } = act
    for (const { position, attempts, error } of dropped) {
      this.#unpark.run(processor, branch, slot, tenant, sequence, position)
      this.#results.save({
        processor,
        branch,
        tenant,
        sequence,
        position,
        status: 'dropped',
        attempts,
        result: null,
        error,
        owner: '',
        at,
        actor,
        why,
        job: null,
      })
    }
    this.#ask.run(processor, branch, slot, tenant, sequence)
    this.#controls.note(processor, branch, act)
    return dropped.length
  }

  ask({ processor, branch, sequences }: RetryRequest, act: Act): number {
    let asked = 0
    for (const { tenant, sequence } of sequences) {
      const slot = slotOf(tenant, sequence)
      if (this.#isParked.get(processor, branch, slot, tenant, sequence) === undefined) continue
      this.#ask.run(processor, branch, slot, tenant, sequence)
      asked += 1
    }
    if (asked > 0) this.#controls.note(processor, branch, act)
    return asked
  }

  /** By a commit of the processor itself. */
  askAndAnswer(
    processor: string,
    branch: number,
    ask: readonly SequenceKey[],
    answered: readonly SequenceKey[],
  ): void {
    for (const { tenant, sequence } of answered)
      this.#answer.run(processor, branch, slotOf(tenant, sequence), tenant, sequence)
    for (const { tenant, sequence } of ask)
      this.#ask.run(processor, branch, slotOf(tenant, sequence), tenant, sequence)
    if (ask.length > 0) this.#controls.change(processor, branch)
  }

  forget(processor: string, branch: number): void {
    for (const statement of this.#forget) statement.run(processor, branch)
  }
}
