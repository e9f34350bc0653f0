import { isAmendment } from '../amend/amendment.ts'
import type { Aggregate } from '../decide/aggregate.ts'
import { codeHash } from '../message/code-hash.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import type { Amended, Fact } from '../message/recorded.ts'
import { aggregateNameOf, streamName } from '../message/stream.ts'
import { changesBetween, type Change } from './changes.ts'
import { checkViewName, type View, type ViewLifecycle } from './view.ts'

export interface HistoryViewOptions<State> {
  /** How many events a document holds at most, from 1 to 1,000. Default 50. */
  readonly pageSize?: number
  /** Default: `async`. */
  readonly lifecycle?: ViewLifecycle
  readonly description?: string
  /** Tells that the history changes although the text of the folds doesn't. */
  readonly revision?: string
  /** Makes JSON of a state that is none, such as one with dates, maps or sets. Needs `read`. */
  write?(state: State): unknown
  /** The inverse of `write`. */
  read?(written: unknown): State
}

/** So many events of an aggregate, in their order. */
export interface AggregateHistory<State = unknown> {
  readonly aggregateId: string
  /** From 1. */
  readonly page: number
  readonly entries: readonly HistoryEntry[]
  /** The state after the last of them, as JSON. */
  readonly state: State
  /** The key of the page that goes on; null: this is the last one. */
  readonly next: string | null
}

/** An event in the history of an aggregate. */
export interface HistoryEntry {
  readonly revision: number
  readonly type: string
  /** When it occurred, ISO 8601. */
  readonly at: string
  /** Who did it. */
  readonly by: string | null
  readonly eventId: string
  /** What caused it: a command's or an event's id. */
  readonly causedBy: string | null
  /** What it changed in the aggregate's state; of an omitted one, nothing. */
  readonly changed: readonly Change[]
  /** Where it was omitted, replaced or inserted afterwards: who said so, when and why. */
  readonly amended?: Pick<Amended, 'edit' | 'by' | 'why'> & { readonly at: string }
  /** What it says; null where that is more than 2,000 characters: it is in the stream. */
  readonly data: unknown
}

const defaultPageSize = 50
const mostChanges = 50
const longestData = 2_000

/**
 * The history of every aggregate of a kind as a view like any other: which event changed what, when, by whom. A document
 * holds a page of events, so that it stays small however long the history is: the first page has the aggregate's id as its
 * key, the others {@link historyKey}.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function historyView<const Name extends string, State, Events extends AnyEventType>(
  name: Name,
  of: Pick<
    Aggregate<string, State, Events>,
    'name' | 'events' | 'initial' | 'evolve' | 'code' | 'snapshots' | 'order'
  >,
  options: HistoryViewOptions<State> = {},
): View<Name, AggregateHistory, Events> {
  checkViewName(name)
  const { pageSize = defaultPageSize, write, read, revision } = options
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1_000)
    throw new HeadwaterError('app.invalid', `View ${name} has pages of ${pageSize} events: from 1 to 1,000`)
  if (of.order === 'occurred')
    throw new HeadwaterError(
      'app.invalid',
      `View ${name} has pages of events as they were recorded, and ${of.name} folds them as they occurred`,
    )
  if ((write === undefined) !== (read === undefined))
    throw new HeadwaterError('app.invalid', `View ${name}: write and read need each other`)
  const toJson = (state: State): unknown =>
    json(write === undefined ? (of.snapshots?.write(state) ?? state) : write(state))
  const ofJson = (written: unknown): State =>
    (read === undefined ? (of.snapshots?.read(written) ?? written) : read(written)) as State
  const pageAt = (revision: number): number => Math.max(1, Math.ceil(revision / pageSize))
  const pageOf = (fact: Fact): number => pageAt(amendedOf(fact)?.behind ?? fact.revision)
  const types = of.events.map(({ type, version }) => `${type}@${version}`).sort()
  let code: string | undefined
  return {
    kind: 'view',
    name,
    description:
      options.description ?? `What became of each ${of.name}: which event changed what, when, by whom.`,
    events: of.events,
    lifecycle: options.lifecycle ?? 'async',
    indexes: ['aggregateId'],
    search: [],
    // A page goes on from the one before, which another partition might have.
    partitions: 1,
    schema: undefined,
    database: undefined,
    get code() {
      return (code ??= codeHash('history 1', types, of.initial, of.code, pageSize, revision, write, read))
    },
    keysOf: (fact) => {
      if (aggregateNameOf(fact.stream) !== of.name) return []
      const page = pageOf(fact)
      const own = historyKey(fact.aggregateId, page)
      const isFirst = fact.revision === (page - 1) * pageSize + 1
      return page > 1 && isFirst ? [historyKey(fact.aggregateId, page - 1), own] : [own]
    },
    streamOf: (key) => streamName(of.name, parseKey(key).aggregateId),
    showsEverything: true,
    dependents: (fact, revision) => {
      if (aggregateNameOf(fact.stream) !== of.name) return []
      const [first, last] = [pageOf(fact), pageAt(revision)]
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
        historyKey(fact.aggregateId, first + index),
      )
    },
    continues: (key) => {
      const { aggregateId, page } = parseKey(key)
      return page === 1 ? undefined : historyKey(aggregateId, page - 1)
    },
    initial: (key, before) => {
      const { aggregateId, page } = parseKey(key)
      // What the first event of a page changed can't be told without the page before.
      if (page > 1 && before === undefined) throw new Error(`Page ${page - 1} of ${aggregateId} is not there`)
      const state = before?.state ?? toJson(of.initial)
      return { aggregateId, page, entries: [], state, next: null }
    },
    fold: (document, fact, key, rules) => {
      const page = pageOf(fact)
      if (document.page < page) return { ...document, next: historyKey(document.aggregateId, page) }
      if (isAmendment(fact) || amendedOf(fact)?.edit === 'omit')
        return { ...document, entries: [...document.entries, entryOf(fact, [])] }
      const state = toJson(of.evolve(ofJson(document.state), fact, rules))
      const entry = entryOf(fact, changesBetween(document.state, state, mostChanges))
      return { ...document, entries: [...document.entries, entry], state }
    },
  }
}

/**
 * The key of a page of an aggregate's history: its id for the first one, `<id>/<page>` for the others. (An id that itself
 * ends like that has `/1` behind its first page.)
 *
 * @param page from 1
 */
export function historyKey(aggregateId: string, page = 1): string {
  return page > 1 || looksLikePage.test(aggregateId) ? `${aggregateId}/${page}` : aggregateId
}

const looksLikePage = /\/\d+$/

function parseKey(key: string): { readonly aggregateId: string; readonly page: number } {
  const slash = looksLikePage.test(key) ? key.lastIndexOf('/') : key.length
  return { aggregateId: key.slice(0, slash), page: slash === key.length ? 1 : Number(key.slice(slash + 1)) }
}

function entryOf(fact: Fact, changed: readonly Change[]): HistoryEntry {
  const { revision, type, occurredAt, actor, id, causationId, data } = fact
  const amended = amendedOf(fact)
  const isLong = (JSON.stringify(data)?.length ?? 0) > longestData
  return {
    revision,
    type,
    at: occurredAt.toISOString(),
    by: actor,
    eventId: id,
    causedBy: causationId,
    changed,
    ...(amended && {
      amended: { edit: amended.edit, by: amended.by, why: amended.why, at: amended.at.toISOString() },
    }),
    data: isLong ? null : data,
  }
}

/** A history tells of amendments, which other folds have no business with. */
function amendedOf(fact: Fact & { readonly amended?: Amended | undefined }): Amended | undefined {
  return fact.amended
}

/** What is left of a state when it has been written and read: the same in memory as from the store. */
function json(state: unknown): unknown {
  return state === undefined ? null : JSON.parse(JSON.stringify(state))
}
