import { FollowedHistory, type HistorySource, type MetAmendment } from '../amend/followed-history.ts'
import { sqlOf } from '../handle/gathering.ts'
import type { Clock } from '../log/clock.ts'
import { sizeOfStatements, type SqlStore, type Statement } from '../log/sql.ts'
import type { Store } from '../log/store.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { type KnownVersions, newerThanKnown, versionsOf } from '../message/versions.ts'
import type { ErrorHook } from '../process/mediator.ts'
import { ParkedSequences } from '../process/parked-sequences.ts'
import type { ProcessorPlan } from '../process/plan.ts'
import {
  type Collected,
  handledResult,
  type OwnResult,
  type ProcessorWork,
  type Retried,
  type Taken,
  type ToPark,
  toPark,
  type ToRetry,
} from '../process/work.ts'
import type { SqlProjection } from './sql-projection.ts'
import type { VersionStorage } from './version-storage.ts'
import type { View } from './view.ts'

export interface SqlParts {
  readonly source: HistorySource
  readonly onError: ErrorHook
  readonly clock: Clock
}

/** Statements, and their bytes, after which a batch ends. */
const mostStatements = 5_000
const mostBytes = 8 * 1024 * 1024

/** The tables of each version under a name of its own, in the database that holds the log. */
export function sqlStorage(
  view: View,
  projection: SqlProjection,
  store: Pick<Store, 'sql'>,
  parts: SqlParts,
): VersionStorage {
  const sql = sqlOf(store.sql, view.name)
  return {
    define: ({ collection }) => sql.migrate(collection, projection.tables.steps(collection, sql.dialect)),
    plan: ({ processor, collection }): ProcessorPlan => ({
      name: processor,
      kind: 'view',
      events: view.events,
      followsAmendments: true,
      start: 'beginning',
      // Its statements may touch any row, so it is not divided.
      partitions: 1,
      pageSize: projection.batch,
      keysOf: (event) => (projection.keyOf === undefined ? [] : [projection.keyOf(event)]),
      workOn: () => new SqlWork(view, projection, processor, collection, sql, parts),
    }),
    drop: ({ collection }) => sql.drop(collection),
  }
}

/** Projects batches; what one reads is committed before it begins. */
class SqlWork implements ProcessorWork {
  readonly isSequential = true
  readonly #view: View
  readonly #projection: SqlProjection
  readonly #processor: string
  readonly #owner: string
  readonly #sql: SqlStore
  readonly #parts: SqlParts
  readonly #versions: KnownVersions
  readonly #history: FollowedHistory
  #isOutdated = false
  #parked = new ParkedSequences()
  #statements: Statement[] = []
  #park: ToPark[] = []
  #results: OwnResult[] = []

  constructor(
    view: View,
    projection: SqlProjection,
    processor: string,
    owner: string,
    sql: SqlStore,
    parts: SqlParts,
  ) {
    this.#view = view
    this.#projection = projection
    this.#processor = processor
    this.#owner = owner
    this.#sql = sql
    this.#parts = parts
    this.#versions = versionsOf(view.events)
    this.#history = new FollowedHistory(parts.source, this.#versions.keys())
  }

  get isFull(): boolean {
    return true
  }

  get isDirty(): boolean {
    return this.#statements.length > 0 || this.#park.length > 0 || this.#results.length > 0
  }

  get oldest(): undefined {
    return undefined
  }

  async begin(parked: ParkedSequences, _onProgress: () => void, after: number): Promise<void> {
    await this.#history.begin(after)
    this.#parked = parked
    this.#statements = []
    this.#park = []
    this.#results = []
  }

  async process(events: readonly RecordedEvent[]): Promise<Taken> {
    if (this.#history.isPlain(events)) return this.#takeKnown(events)
    const met = await this.#history.meet(events)
    for (const one of met) if (one.kind === 'amendment') this.#hear(one)
    const standing = met.filter(({ kind }) => kind === 'event')
    const { count: taken, ...rest } = await this.#takeKnown(standing.map(({ event }) => event))
    const next = standing[taken]
    if (next === undefined) return { count: events.length, ...rest }
    // What is inserted before the next one is to be met once more.
    await this.#history.begin(events[next.index - 1]?.position ?? this.#history.after)
    return { count: next.index, ...rest }
  }

  async #takeKnown(events: readonly RecordedEvent[]): Promise<Taken> {
    const index = events.findIndex((event) => this.#newer(event) !== undefined)
    const newer = events[index] && this.#newer(events[index])
    const count = index === 0 ? 0 : await this.#take(index < 0 ? events : events.slice(0, index))
    return newer !== undefined && count === index ? { count, newer } : { count }
  }

  /** What is in the tables can't be taken out of them again: who looks after the app has to know. */
  #hear({ event, isKnown, slot }: MetAmendment): void {
    if ((isKnown && slot > this.#history.after) || this.#isOutdated) return
    this.#isOutdated = true
    const { name } = this.#view
    const error = new HeadwaterError(
      'view.amended',
      `The tables of view ${name} hold what was amended at position ${event.position}`,
      { details: { view: name, position: event.position } },
    )
    this.#parts.onError(error, { processor: this.#processor, eventId: event.id })
  }

  /** One event at a time: what it writes is committed before the next one reads. */
  async retry(sequences: readonly ToRetry[]): Promise<readonly Retried[]> {
    const chosen = sequences.findIndex(({ events }) => events.length > 0)
    const sequence = sequences[chosen]
    const retried = sequence === undefined ? { done: 0 } : await this.#retry(sequence)
    return sequences.map((_, index) => (index === chosen ? retried : { done: 0 }))
  }

  async settle(): Promise<void> {}

  collect(): Collected {
    const collected = {
      documents: [],
      statements: this.#statements,
      park: this.#park,
      results: this.#results,
    }
    this.#statements = []
    this.#park = []
    this.#results = []
    return collected
  }

  #newer(event: RecordedEvent): HeadwaterError | undefined {
    return newerThanKnown(this.#versions, event, `View ${this.#view.name}`)
  }

  /** A batch that fails is taken apart, until the event that it fails by stands alone. */
  async #take(events: readonly RecordedEvent[]): Promise<number> {
    const { keyOf } = this.#projection
    if (keyOf === undefined) {
      await this.#project(events)
      return events.length
    }
    const ready = events.filter((event) => !this.#waits(event, keyOf(event)))
    if (ready.length === 0) return events.length
    try {
      await this.#project(ready)
      return events.length
    } catch (error) {
      if (events.length > 1) return this.#take(events.slice(0, events.length >> 1))
      this.#setAside(events[0], keyOf, error)
      return events.length
    }
  }

  async #retry({ events }: ToRetry): Promise<Retried> {
    const [first] = events
    if (first === undefined) return { done: 0 }
    const { parked, original } = first
    const standing = this.#history.standing(original)
    // What counts no more has nothing to be projected.
    if (standing === undefined) return { done: 1 }
    const event = standing === original ? first.event : standing
    const newer = this.#newer(event)
    if (newer !== undefined) return { done: 0, newer }
    const attempts = parked.attempts + 1
    try {
      await this.#project([event])
    } catch (error) {
      this.#parts.onError(error, { processor: this.#processor, eventId: event.id })
      return { done: 0, failure: { attempts, error } }
    }
    const result = handledResult(parked, attempts)
    if (result !== undefined) this.#results.push(result)
    return { done: 1 }
  }

  async #project(events: readonly RecordedEvent[]): Promise<void> {
    const statements = await this.#projection.project(events, this.#owner, this.#sql)
    if (
      events.length > 1 &&
      (statements.length > mostStatements || sizeOfStatements(statements) > mostBytes)
    ) {
      throw new RangeError(`One batch of view ${this.#view.name} writes too much: give it a smaller batch`)
    }
    this.#statements.push(...statements)
  }

  /** What waits behind an event that could not be projected. */
  #waits(event: RecordedEvent, key: string): boolean {
    if (!this.#parked.has(event.tenant, key)) return false
    this.#park.push(toPark(event, key, 0, undefined, this.#parts.clock.now()))
    return true
  }

  #setAside(event: RecordedEvent | undefined, keyOf: (event: RecordedEvent) => string, error: unknown): void {
    if (event === undefined) return
    const key = keyOf(event)
    this.#parked.add(event.tenant, key)
    this.#park.push(toPark(event, key, 1, error, this.#parts.clock.now()))
    this.#parts.onError(error, { processor: this.#processor, eventId: event.id })
  }
}
