import type { CommandRow } from '@headwater/core'
import type { AppendAnswer, AppendAsked, CommandAnswer, CommandAsked, Entry } from '../entries.ts'
import { rewarded } from '../model.ts'
import { type Add, keyOf, type KeyedChecker } from './checker.ts'
import { around, type Findings } from './finding.ts'
import type { Logged } from './logged.ts'

type Recorded = Pick<Logged, 'position' | 'stream' | 'revision' | 'ordinal' | 'type'>
type Row = Pick<CommandRow, 'status' | 'position' | 'events'>
type Asked = CommandAsked | AppendAsked
type Answered = Extract<Entry, { readonly kind: 'outcome' | 'appended' }>

export type RequestItem =
  | { readonly kind: 'event'; readonly event: Recorded }
  | { readonly kind: 'row'; readonly row: Row }
  | Asked
  | Answered

/** Errors after which nothing was recorded by that call. Others leave it open. */
const certain: ReadonlySet<string> = new Set([
  'command.conflict',
  'command.revision-mismatch',
  'lock.timeout',
  'log.busy',
  'log.overloaded',
])

/**
 * Each command and append by itself: what was acknowledged is there, once and whole; what was refused is not; whoever asks
 * again gets the same answer; and the command log says the same.
 */
export const requestChecker: KeyedChecker<RequestItem> = {
  name: 'requests',

  event({ tenant, commandId, position, stream, revision, ordinal, type }, add: Add<RequestItem>) {
    add(keyOf(tenant, commandId), { kind: 'event', event: { position, stream, revision, ordinal, type } })
  },

  command({ tenant, id, status, position, events }, add) {
    add(keyOf(tenant, id), { kind: 'row', row: { status, position, events } })
  },

  entry(entry, add) {
    const { kind } = entry
    if (kind === 'command' || kind === 'append' || kind === 'outcome' || kind === 'appended')
      add(keyOf(entry.tenant, entry.id), entry)
  },

  check(key, items, findings) {
    new Request(key, items, findings).check()
  },
}

class Request {
  readonly #key: string
  readonly #items: readonly RequestItem[]
  readonly #findings: Findings
  readonly #events: readonly Recorded[]
  readonly #rows: readonly Row[]
  readonly #asked: readonly Asked[]
  readonly #answers: readonly Answered[]

  constructor(key: string, items: readonly RequestItem[], findings: Findings) {
    this.#key = key
    this.#items = items
    this.#findings = findings
    this.#events = items.flatMap((item) => (item.kind === 'event' ? [item.event] : []))
    this.#rows = items.flatMap((item) => (item.kind === 'row' ? [item.row] : []))
    this.#asked = items.filter((item): item is Asked => item.kind === 'command' || item.kind === 'append')
    this.#answers = items.filter(
      (item): item is Answered => item.kind === 'outcome' || item.kind === 'appended',
    )
  }

  check(): void {
    const [asked] = this.#asked
    if (asked === undefined) {
      // What handlers send is asked for by events.
      if (this.#events.some(({ type }) => type !== rewarded))
        this.#tell('dirty', 'is there, and nobody asked for it')
      return
    }
    this.#checkWhole(asked)
    this.#checkRow(asked)
    this.#checkAnswers()
  }

  /** Once and whole, or not at all. */
  #checkWhole(asked: Asked): void {
    const events = this.#events
    if (events.length === 0) return
    const ordinals = events.map(({ ordinal }) => ordinal)
    if (new Set(ordinals).size < ordinals.length)
      return this.#tell('duplicated', 'is recorded more than once')
    const first = events[0]?.position ?? 0
    const isInOrder = events.every(
      ({ ordinal, position }, index) => ordinal === index + 1 && position === first + index,
    )
    const size = asked.kind === 'command' ? 1 : asked.parts.reduce((sum, part) => sum + part.events, 0)
    if (events.length !== size) this.#tell('torn', `has ${events.length} of its ${size} events in the log`)
    else if (!isInOrder) this.#tell('torn', 'is not in one piece, in its order')
  }

  /** The command log knows it, and says what the log says. */
  #checkRow(asked: Asked): void {
    const isLogged = asked.kind === 'command' || asked.isLogged
    const [row] = this.#rows
    if (this.#rows.length > 1) this.#tell('duplicated', 'stands more than once in the command log')
    const [first] = this.#events
    if (isLogged && first !== undefined && row === undefined)
      this.#tell('lost', 'has events and no row in the command log')
    if (row === undefined) return
    if (row.position !== (first?.position ?? null) || row.events !== this.#events.length)
      this.#tell('torn', 'has a row in the command log that names other events than the log has')
  }

  #checkAnswers(): void {
    let first: Answered | undefined
    for (const answered of this.#answers) {
      const { answer } = answered
      if (answer.status === 'failed') {
        if (answer.code === 'command.revision-mismatch' && first !== undefined)
          this.#tell('other-answer', 'was answered, and then refused for its revision', answered)
        continue
      }
      if (answer.status === 'conflict' || answer.status === 'condition-failed') {
        if (first !== undefined) this.#tell('other-answer', 'was recorded, and then refused', answered)
        continue
      }
      this.#checkPresent(answered, answer)
      if (first !== undefined && JSON.stringify(first.answer) !== JSON.stringify(answer))
        this.#tell('other-answer', 'was answered differently when it was sent again', answered)
      first ??= answered
    }
    this.#checkAbsent(first)
  }

  /** What was acknowledged is there, where the answer says. */
  #checkPresent(answered: Answered, answer: Extract<CommandAnswer | AppendAnswer, { status: string }>): void {
    if (answer.status === 'appended') {
      if (this.#events[0] === undefined)
        this.#tell('lost', 'was acknowledged and is not in the log', answered)
      else if (this.#events[0].position !== answer.position)
        this.#tell(
          'altered',
          `was acknowledged at position ${answer.position} and stands elsewhere`,
          answered,
        )
    } else if (answer.status === 'accepted' || answer.status === 'rejected') {
      const row = this.#rows[0]
      if (row === undefined) this.#tell('lost', 'was answered and is not in the command log', answered)
      else if (row.status !== answer.status)
        this.#tell(
          'altered',
          `was answered as ${answer.status} and is ${row.status} in the command log`,
          answered,
        )
      const there = this.#events.map(({ type, revision, position }) => [type, revision, position])
      if (JSON.stringify(there) === JSON.stringify(answer.events)) return
      if (there.length < answer.events.length)
        this.#tell('lost', 'was acknowledged and is not in the log', answered)
      else this.#tell('altered', 'was acknowledged with other events than the log has', answered)
    }
  }

  /** What was refused each time that it was sent is not there. */
  #checkAbsent(acknowledged: Answered | undefined): void {
    if (acknowledged !== undefined || this.#events.length === 0) return
    const isRefused = ({ answer }: Answered): boolean =>
      answer.status === 'failed'
        ? certain.has(answer.code)
        : answer.status === 'conflict' || answer.status === 'condition-failed'
    if (this.#answers.length === this.#asked.length && this.#answers.every(isRefused))
      this.#tell('dirty', 'was refused and is in the log')
  }

  #tell(kind: Parameters<Findings['tell']>[0], what: string, item?: RequestItem): void {
    const near =
      item === undefined
        ? this.#items
        : [...new Set([...this.#items.slice(0, 12), ...around(this.#items, item)])]
    this.#findings.tell(kind, `${this.#key} ${what}`, near, this.#events[0]?.position)
  }
}
