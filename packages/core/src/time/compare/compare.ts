import type { Aggregate } from '../../decide/aggregate.ts'
import type { EventRow } from '../../log/port.ts'
import type { Store } from '../../log/store.ts'
import { HeadwaterError, isHeadwaterError } from '../../message/errors.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { aggregateNameOf } from '../../message/stream.ts'
import { changesBetween } from '../../view/changes.ts'
import type { View } from '../../view/view.ts'
import { commonOf } from './common.ts'
import { compareCommands } from './commands.ts'
import type {
  BranchDifference,
  DocumentDifference,
  EventDifference,
  Side,
  StreamDifference,
} from './difference.ts'
import type { HistorySide } from './side.ts'
import { readTail, type Tail, type TailRecord, without } from './tail.ts'

export interface CompareParts {
  readonly store: Store
  readonly decode: (row: EventRow) => RecordedEvent
  readonly aggregates: ReadonlyMap<string, Aggregate>
  readonly views: Iterable<View>
  readonly tenant: string
  readonly limit: number
}

const mostChanges = 50
/** How long a view may take to show the end of a side, in milliseconds. */
const viewTimeLimit = 30_000

/** Compares two histories: what each recorded after they parted, and what came of it. */
export class Comparison {
  readonly #parts: CompareParts
  readonly #sides: Readonly<Record<Side, HistorySide>>

  constructor(parts: CompareParts, branch: HistorySide, against: HistorySide) {
    this.#parts = parts
    this.#sides = { branch, against }
  }

  async run(): Promise<BranchDifference> {
    const { branch, against } = this.#sides
    const common = await commonOf(this.#parts.store, branch.id, against.id)
    const tails = {
      branch: await this.#tail(branch, common.position),
      against: await this.#tail(against, common.position),
    }
    const only = {
      branch: without(tails.branch, tails.against),
      against: without(tails.against, tails.branch),
    }
    const commands = await compareCommands(this.#sides, common.sequence, this.#parts.limit)
    const { documents, notCompared } = await this.#documents(only)
    return {
      branch: branch.name,
      against: against.name,
      common: common.position,
      isWhole: tails.branch.isWhole && tails.against.isWhole && commands.isWhole,
      events: [
        ...(await this.#events('branch', only.branch)),
        ...(await this.#events('against', only.against)),
      ],
      streams: await this.#streams(only),
      documents,
      commands: commands.differences,
      notCompared,
    }
  }

  #tail({ id, head }: HistorySide, after: number): Promise<Tail> {
    const { store, decode, tenant, limit } = this.#parts
    return readTail(store.log, decode, { branch: id, tenant, after, limit, to: head })
  }

  async #events(side: Side, records: readonly TailRecord[]): Promise<readonly EventDifference[]> {
    const differences: EventDifference[] = []
    for (const { event, amendment } of records) {
      const about = amendment?.edit === 'insert' ? event.id : (amendment?.target.id ?? event.id)
      differences.push({
        side,
        kind: amendment === undefined ? 'recorded' : kinds[amendment.edit],
        id: amendment === undefined ? event.id : about,
        stream: event.stream,
        position: event.position,
        event: about === null ? undefined : await this.#sides[side].standing(about),
        why: amendment?.why,
        actor: event.actor,
      })
    }
    return differences
  }

  async #streams(only: Readonly<Record<Side, readonly TailRecord[]>>): Promise<readonly StreamDifference[]> {
    const counts = new Map<string, Record<Side, number>>()
    for (const side of ['branch', 'against'] as const) {
      for (const { row } of only[side]) {
        const count = counts.get(row.stream) ?? { branch: 0, against: 0 }
        count[side] += 1
        counts.set(row.stream, count)
      }
    }
    const differences: StreamDifference[] = []
    for (const [stream, count] of [...counts].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const states = await this.#states(stream)
      const changes = states === undefined ? [] : changesBetween(states.against, states.branch, mostChanges)
      differences.push({ stream, only: count, states, changes })
    }
    return differences
  }

  async #states(stream: string): Promise<StreamDifference['states']> {
    if (!this.#parts.aggregates.has(aggregateNameOf(stream))) return undefined
    const { branch, against } = this.#sides
    const [mine, theirs] = await Promise.all([branch.state(stream), against.state(stream)])
    return { branch: asJson(mine.state), against: asJson(theirs.state) }
  }

  async #documents(only: Readonly<Record<Side, readonly TailRecord[]>>) {
    const documents: DocumentDifference[] = []
    const notCompared: { view: string; why: string }[] = []
    const events = await this.#concerned(only)
    for (const view of [...this.#parts.views].sort((one, other) => (one.name < other.name ? -1 : 1))) {
      try {
        documents.push(...(await this.#documentsOf(view, events)))
      } catch (error) {
        if (!isHeadwaterError(error)) throw error
        notCompared.push({ view: view.name, why: error.message })
      }
    }
    return { documents, notCompared }
  }

  /** The events that only one side has, and all that ever stood in the place of those that only one side has amended. */
  async #concerned(only: Readonly<Record<Side, readonly TailRecord[]>>): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = []
    for (const side of ['branch', 'against'] as const) {
      for (const { event, amendment } of only[side]) {
        if (amendment === undefined) events.push(event)
        else {
          const id = amendment.edit === 'insert' ? event.id : amendment.target.id
          if (id === null) continue
          events.push(...(await this.#sides[side].versions(id)))
        }
      }
    }
    return events
  }

  async #documentsOf(view: View, events: readonly RecordedEvent[]): Promise<readonly DocumentDifference[]> {
    const types = new Set(view.events.map(({ type }) => type))
    const keys = new Set<string>()
    for (const event of events) {
      if (!types.has(event.type)) continue
      for (const key of keysOf(view, event)) keys.add(key)
    }
    const differences: DocumentDifference[] = []
    for (const key of [...keys].sort()) {
      const [mine, theirs] = await Promise.all([
        this.#document('branch', view.name, key),
        this.#document('against', view.name, key),
      ])
      const changes = changesBetween(theirs, mine, mostChanges)
      if (changes.length > 0)
        differences.push({ view: view.name, key, branch: mine, against: theirs, changes })
    }
    return differences
  }

  async #document(side: Side, view: string, key: string): Promise<unknown> {
    const { head, view: readerOf } = this.#sides[side]
    const options = { waitFor: head, timeLimit: viewTimeLimit, tenant: this.#parts.tenant }
    return (await readerOf(view).get(key, options))?.doc
  }
}

const kinds = { omit: 'omitted', replace: 'replaced', insert: 'inserted', restore: 'restored' } as const

/** What can't be given a key is parked wherever it is folded: no document of either side shows it. */
function keysOf(view: View, event: RecordedEvent): readonly string[] {
  try {
    return view.keysOf(event)
  } catch (error) {
    if (error instanceof HeadwaterError) throw error
    return []
  }
}

function asJson(state: unknown): unknown {
  return state === undefined ? null : JSON.parse(JSON.stringify(state))
}
