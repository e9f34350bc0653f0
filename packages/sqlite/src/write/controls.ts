import type { Act, Intervention, ReprocessingEnd, ReprocessingRequest } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('controls')

/** What is said about processors, in the transaction that is open. */
export class ControlWriter {
  readonly #change: Statement
  readonly #declare: Statement
  readonly #pause: Statement
  readonly #note: Statement
  readonly #ask: Statement
  readonly #end: Statement<[string, number, number, number, string], string>
  readonly #forget: readonly Statement[]

  constructor(database: Database) {
    this.#change = database.prepare(sql('change'))
    this.#declare = database.prepare(sql('declare'))
    this.#pause = database.prepare(sql('pause'))
    this.#note = database.prepare(sql('note'))
    this.#ask = database.prepare(sql('ask-reprocessing'))
    this.#end = database
      .prepare<[string, number, number, number, string], string>(sql('end-reprocessing'))
      .pluck()
    this.#forget = ['forget', 'forget-acts', 'forget-reprocessing'].map((name) => database.prepare(sql(name)))
  }

  change(processor: string, branch: number): void {
    this.#change.run(processor, branch)
  }

  declare(processor: string, branch: number, partitions: number): void {
    this.#declare.run(partitions, processor, branch)
  }

  note(processor: string, branch: number, { kind, actor, why, at, details }: Act): void {
    this.change(processor, branch)
    this.#note.run(processor, branch, kind, actor, why, at, details)
  }

  pause(processor: string, branch: number, act: Act): void {
    this.#say(processor, branch, act, act)
  }

  resume(processor: string, branch: number, act: Act): void {
    this.#say(processor, branch, undefined, act)
  }

  askReprocessing({ id, processor, branch, from, to }: ReprocessingRequest, act: Act): void {
    const { changes } = this.#ask.run(id, branch, processor, from, to, act.actor, act.why, act.at)
    if (changes > 0) this.note(processor, branch, act)
  }

  endReprocessing({ id, branch, state, reached, at }: ReprocessingEnd, act: Act | undefined): boolean {
    const processor = this.#end.get(state, reached, at, branch, id)
    if (processor === undefined) return false
    if (act === undefined) this.change(processor, branch)
    else this.note(processor, branch, act)
    return true
  }

  forget(processor: string, branch: number): void {
    for (const statement of this.#forget) statement.run(processor, branch)
  }

  #say(processor: string, branch: number, paused: Intervention | undefined, act: Act): void {
    this.note(processor, branch, act)
    this.#pause.run(paused?.at ?? null, paused?.actor ?? null, paused?.why ?? null, processor, branch)
  }
}
