import { amendedType } from '../../amend/amendment.ts'
import type { Aggregate } from '../../decide/aggregate.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { aggregateNameOf } from '../../message/stream.ts'
import type { Subscription } from '../../process/subscription.ts'
import { changesBetween } from '../../view/changes.ts'
import type { View } from '../../view/view.ts'
import type { StreamPast } from '../stream-past.ts'
import type { AroundReader } from './around.ts'
import type { Changed, ChangedAggregate, ChangedDocument, DebugStep } from './debug-step.ts'

/** What changes more is told of by how much more. */
const mostChanges = 50

export interface StepParts {
  readonly aggregates: ReadonlyMap<string, Aggregate>
  readonly views: readonly View[]
  readonly subscriptions: readonly Subscription[]
  readonly past: StreamPast
  readonly reader: (view: string) => AroundReader
  /** Of the event at a position; undefined: there is none. */
  readonly eventAt: (position: number) => Promise<RecordedEvent | undefined>
}

/** Tells what events changed. It only reads: the past does not happen again. */
export class StepReader {
  readonly #parts: StepParts

  constructor(parts: StepParts) {
    this.#parts = parts
  }

  async read(event: RecordedEvent): Promise<DebugStep> {
    const [aggregate, documents] = await Promise.all([this.#aggregate(event), this.#documents(event)])
    const heldBack = this.#parts.subscriptions
      .filter(({ events }) => events.some(({ type }) => type === event.type))
      .map(({ name, when }) => ({ subscription: name, when }))
    return { event, aggregate, documents, heldBack }
  }

  /** The state of the aggregate after an event, as JSON; undefined: it is of none. */
  async stateAfter({ tenant, stream, position }: RecordedEvent): Promise<unknown> {
    const aggregate = this.#parts.aggregates.get(aggregateNameOf(stream))
    if (aggregate === undefined) return undefined
    const { state } = await this.#parts.past.state(aggregate, { tenant, stream, at: position })
    return asJson(aggregate.snapshots?.write(state) ?? state)
  }

  async #aggregate(event: RecordedEvent): Promise<ChangedAggregate | undefined> {
    const { tenant, stream, position } = event
    const aggregate = this.#parts.aggregates.get(aggregateNameOf(stream))
    if (aggregate === undefined) return undefined
    const { past } = this.#parts
    const json = (state: unknown): unknown => asJson(aggregate.snapshots?.write(state) ?? state)
    const part = { tenant, stream, at: position }
    if (aggregate.order === 'recorded') {
      const { initial, items } = await past.history(aggregate, part, event.revision - 1, 1)
      const [step] = items
      if (step?.event.id === event.id && step.event.amended === undefined)
        return { aggregate: aggregate.name, stream, ...changes(json(initial), json(step.state)) }
    }
    // Where the stream was amended, or an event may belong among earlier ones, what an event changed is the difference that it made to what was known.
    const at = async (moment: number) => json((await past.state(aggregate, { ...part, at: moment })).state)
    const [before, after] = await Promise.all([at(position - 1), at(position)])
    return { aggregate: aggregate.name, stream, ...changes(before, after) }
  }

  async #documents(event: RecordedEvent): Promise<readonly ChangedDocument[]> {
    const concerned = event.type === amendedType ? await this.#amendedBy(event) : [event]
    const found = this.#parts.views.map(async (view) => {
      const keys = new Set(concerned.flatMap((one) => keysOf(view, one)))
      return Promise.all([...keys].map((key) => this.#document(view, key, event)))
    })
    return (await Promise.all(found)).flat()
  }

  /** What an amendment is about; what it puts in its place concerns the same keys, or shows at the next event of its own. */
  async #amendedBy(event: RecordedEvent): Promise<readonly RecordedEvent[]> {
    const { target } = event.data as { readonly target?: { readonly position?: number } }
    const about = await this.#parts.eventAt(target?.position ?? 0)
    return about === undefined ? [] : [about]
  }

  async #document(view: View, key: string, { tenant, position }: RecordedEvent): Promise<ChangedDocument> {
    const [before, after] = await this.#parts.reader(view.name).around(key, tenant, position)
    return { view: view.name, key, ...changes(before, after) }
  }
}

function changes(before: unknown, after: unknown): Changed {
  return { before, after, changed: changesBetween(before, after, mostChanges) }
}

/** None, where they can't be told: then the event was folded into no document. */
function keysOf(view: View, event: RecordedEvent): readonly string[] {
  if (view.sql !== undefined || !view.events.some(({ type }) => type === event.type)) return []
  try {
    return view.keysOf(event)
  } catch {
    return []
  }
}

function asJson(state: unknown): unknown {
  return state === undefined ? null : JSON.parse(JSON.stringify(state))
}
