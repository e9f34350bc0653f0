import type { ExpectedRevision } from '@headwater/core'
import type { AppendAnswer, CommandAnswer, Entry, Seen, StateRead, StreamRead } from '../entries.ts'
import { type AccountData, accountTypes, addedBy } from '../model.ts'
import { type Add, keyOf, type KeyedChecker } from './checker.ts'
import { around, type Findings } from './finding.ts'
import type { Logged } from './logged.ts'
import { compareSeen } from './seen.ts'

type Recorded = Pick<Logged, 'position' | 'revision' | 'type' | 'commandId' | 'ordinal' | 'digest'> & {
  readonly account: AccountData | undefined
}

export type StreamItem =
  | { readonly kind: 'event'; readonly event: Recorded }
  | {
      readonly kind: 'asked'
      readonly turn: string
      readonly id: string
      readonly expected: ExpectedRevision
      readonly amount?: number
    }
  | { readonly kind: 'reading'; readonly turn: string }
  | {
      readonly kind: 'answered'
      readonly turn: string
      readonly id: string
      readonly answer: CommandAnswer | AppendAnswer
      readonly revision?: number
    }
  | StreamRead
  | StateRead

/**
 * Each stream by itself: revisions are dense, every decision was made on the state that it was recorded on, expectations
 * held, and readers saw what was there.
 */
export const streamChecker: KeyedChecker<StreamItem> = {
  name: 'streams',

  event(
    { tenant, stream, data, position, revision, type, commandId, ordinal, digest },
    add: Add<StreamItem>,
  ) {
    const account = accountTypes.includes(type) ? (data as AccountData) : undefined
    add(keyOf(tenant, stream), {
      kind: 'event',
      event: { position, revision, type, commandId, ordinal, digest, account },
    })
  },

  entry(entry, add) {
    switch (entry.kind) {
      case 'command': {
        const { turn, id, expected = 'any', amount } = entry
        return add(keyOf(entry.tenant, entry.stream), { kind: 'asked', turn, id, expected, amount })
      }
      case 'append': {
        const { turn, id, tenant } = entry
        for (const { stream, expected } of entry.parts)
          add(keyOf(tenant, stream), { kind: 'asked', turn, id, expected })
        return
      }
      case 'outcome':
      case 'appended':
        return answered(entry, add)
      case 'reading':
        if (entry.of !== undefined && (entry.what === 'stream' || entry.what === 'state'))
          add(entry.of, { kind: 'reading', turn: entry.turn })
        return
      case 'stream':
      case 'state':
        return add(keyOf(entry.tenant, entry.stream), entry)
      default:
    }
  },

  check(key, items, findings) {
    new Stream(key, items, findings).check()
  },
}

/** An answer concerns the stream that it names; an append’s concerns each of its streams, which only the question names. */
function answered(entry: Extract<Entry, { kind: 'outcome' | 'appended' }>, add: Add<StreamItem>): void {
  const { turn, id, tenant, answer } = entry
  if (answer.status === 'accepted' || answer.status === 'rejected' || answer.status === 'conflict')
    add(keyOf(tenant, answer.stream), { kind: 'answered', turn, id, answer })
  if (answer.status !== 'appended' || entry.kind !== 'appended') return
  for (const [index, stream] of entry.streams.entries()) {
    const revision = answer.revisions[index]
    if (revision !== undefined) add(keyOf(tenant, stream), { kind: 'answered', turn, id, answer, revision })
  }
}

class Stream {
  readonly #key: string
  readonly #items: readonly StreamItem[]
  readonly #findings: Findings
  readonly #events: readonly Recorded[]
  /** By revision; 0 is before the first event. */
  readonly #balances: number[] = [0]
  /** Of the first event of each request. */
  readonly #firstOf = new Map<string, Recorded>()
  /** What commands asked for. */
  readonly #amounts = new Map<string, number>()
  /** The last revision that was acknowledged when something was asked. */
  readonly #floors = new Map<string, number>()
  #acknowledged = 0

  constructor(key: string, items: readonly StreamItem[], findings: Findings) {
    this.#key = key
    this.#items = items
    this.#findings = findings
    this.#events = items.flatMap((item) => (item.kind === 'event' ? [item.event] : []))
  }

  check(): void {
    this.#checkEvents()
    const expecting = new Map<number, string>()
    for (const item of this.#items) {
      switch (item.kind) {
        case 'event':
          break
        case 'asked':
          this.#floors.set(item.turn, this.#acknowledged)
          if (item.amount !== undefined) this.#amounts.set(item.id, item.amount)
          // A repeat gets the answer of the first time, so that is what it is held to.
          if (!this.#floors.has(item.id)) this.#floors.set(item.id, this.#acknowledged)
          this.#checkExpectation(item, expecting)
          break
        case 'reading':
          this.#floors.set(item.turn, this.#acknowledged)
          break
        case 'answered':
          this.#checkAnswer(item)
          break
        case 'stream':
          this.#checkPage(item)
          break
        case 'state':
          this.#checkState(item)
      }
    }
  }

  #checkEvents(): void {
    let last = 0
    for (const event of this.#events) {
      if (event.revision !== last + 1) {
        const kind = event.revision > last ? 'revision-gap' : 'duplicated'
        this.#tell(kind, `has revision ${event.revision} after ${last}`, { event })
      }
      last = event.revision
      if (!this.#firstOf.has(event.commandId)) this.#firstOf.set(event.commandId, event)
      this.#fold(event)
    }
  }

  #fold(event: Recorded): void {
    const before = this.#balances[event.revision - 1] ?? this.#balances.at(-1) ?? 0
    if (event.account === undefined) {
      this.#balances[event.revision] = before
      return
    }
    const balance = before + addedBy({ type: event.type, data: event.account })
    this.#balances[event.revision] = balance
    if (event.account.balance !== balance) {
      const saw = before + event.account.balance - balance
      this.#tell('stale-decision', `was decided on a balance of ${saw} where it was ${before}`, { event })
    } else if (balance < 0) this.#tell('stale-decision', `was drawn below nothing: ${balance}`, { event })
  }

  /** Whatever was recorded found the stream as it expected it. */
  #checkExpectation(item: Extract<StreamItem, { kind: 'asked' }>, expecting: Map<number, string>): void {
    const { id, expected } = item
    const first = this.#firstOf.get(id)
    if (first === undefined || expected === 'any') return
    if (!holds(expected, first.revision - 1)) {
      const rival = typeof expected === 'number' ? expecting.get(expected) : expecting.get(0)
      const isRaced = rival !== undefined && rival !== id && expected !== 'exists'
      const what = `expected ${expected} and was recorded at revision ${first.revision}`
      if (isRaced) this.#tell('two-winners', `: ${id} ${what}, as was ${rival}`, item)
      else this.#tell('expected-revision', `: ${id} ${what}`, item)
    }
    if (expected !== 'exists') expecting.set(expected === 'none' ? 0 : expected, id)
  }

  #checkAnswer(item: Extract<StreamItem, { kind: 'answered' }>): void {
    const { id, turn, answer } = item
    const last = this.#events.at(-1)?.revision ?? 0
    if (answer.status === 'accepted' || answer.status === 'rejected') {
      this.#acknowledged = Math.max(this.#acknowledged, answer.revision)
      if (answer.status === 'rejected') this.#checkRejection(item, answer)
    } else if (answer.status === 'appended') {
      this.#acknowledged = Math.max(this.#acknowledged, item.revision ?? 0)
    } else if (answer.status === 'conflict') {
      const { expected, actual } = answer
      const floor = this.#floors.get(turn) ?? 0
      if (holds(expected, actual))
        this.#tell(
          'expected-revision',
          `: ${id} expected ${expected}, was at ${actual}, and was refused`,
          item,
        )
      if (actual > last) this.#tell('dirty', `was said to be at ${actual}, and came to ${last}`, item)
      if (actual < floor)
        this.#tell('stale-read', `was said to be at ${actual}, and had been at ${floor}`, item)
    }
  }

  #checkRejection(
    item: Extract<StreamItem, { kind: 'answered' }>,
    answer: Extract<CommandAnswer, { status: 'accepted' | 'rejected' }>,
  ): void {
    const { id } = item
    const floor = this.#floors.get(id) ?? 0
    const { revision, balance: saw } = answer
    const balance = this.#balances[revision]
    const asked = this.#amounts.get(id)
    if (balance === undefined)
      return this.#tell('dirty', `: ${id} was decided at revision ${revision}, which is not there`, item)
    if (revision < floor)
      this.#tell(
        'stale-decision',
        `: ${id} was decided at ${revision}, and the stream had been at ${floor}`,
        item,
      )
    if (saw !== balance)
      this.#tell(
        'stale-decision',
        `: ${id} saw a balance of ${saw} at revision ${revision}, where it was ${balance}`,
        item,
      )
    else if (asked !== undefined && balance >= asked)
      this.#tell('wrong-rejection', `: ${id} asked for ${asked} of ${balance} and was rejected`, item)
  }

  #checkPage(item: StreamRead): void {
    const { turn, after, limit, revision, seen } = item
    this.#checkRevision(item, turn, revision)
    const expected = this.#events
      .slice(after, Math.min(revision, after + limit))
      .map(({ revision: number, digest }): Seen => [number, digest])
    compareSeen(expected, seen, (kind, number) =>
      this.#tell(kind, `: a reader from ${after} on saw revision ${number} so`, item, number),
    )
  }

  #checkState(item: StateRead): void {
    const { turn, revision, balance } = item
    this.#checkRevision(item, turn, revision)
    const expected = this.#balances[revision]
    if (expected !== undefined && expected !== balance)
      this.#tell(
        'altered',
        `has a state of ${balance} at revision ${revision}, where it is ${expected}`,
        item,
      )
  }

  #checkRevision(item: StreamItem, turn: string, revision: number): void {
    const floor = this.#floors.get(turn) ?? 0
    const last = this.#events.at(-1)?.revision ?? 0
    if (revision < floor)
      this.#tell('stale-read', `was read at revision ${revision}, and ${floor} had been acknowledged`, item)
    if (revision > last) this.#tell('dirty', `was read at revision ${revision}, and came to ${last}`, item)
  }

  #tell(
    kind: Parameters<Findings['tell']>[0],
    what: string,
    about: StreamItem | { readonly event: Recorded },
    revision?: number,
  ): void {
    const number = revision ?? ('event' in about ? about.event.revision : undefined)
    const events = number === undefined ? [] : this.#events.slice(Math.max(0, number - 6), number + 4)
    const item = 'kind' in about ? about : undefined
    const written = this.#items.filter(({ kind }) => kind !== 'event')
    const near = item === undefined ? [] : around(written, item)
    const place = number === undefined ? undefined : this.#events[number - 1]?.position
    const text = what.startsWith(':') ? `${this.#key}${what}` : `${this.#key} ${what}`
    this.#findings.tell(kind, text, [...events, ...near], place)
  }
}

function holds(expected: ExpectedRevision, revision: number): boolean {
  switch (expected) {
    case 'any':
      return true
    case 'none':
      return revision === 0
    case 'exists':
      return revision > 0
    default:
      return expected === revision
  }
}
