import { mainBranch, type EventRow } from '../log/port.ts'
import { isHeadwaterError } from '../message/errors.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../message/versions.ts'
import { isAmendment } from '../amend/amendment.ts'
import type { HistorySource } from '../amend/followed-history.ts'
import { type Overlay, Weaver } from '../amend/overlay.ts'
import type { View } from './view.ts'

/** Where the events of a view's keys are found. */
export interface KeySource {
  /**
   * Pages of records, in the order of positions, among them each record that one of the keys could be folded from: all
   * whose data has ever concerned it, amended or not. Others may be among them.
   *
   * @param types under which these are recorded
   */
  pages(keys: KeysOfTenant, to: number, types: ReadonlySet<string>, after?: number): AsyncIterable<KeyPage>
}

export interface KeysOfTenant {
  readonly tenant: string
  readonly keys: ReadonlySet<string>
}

export interface KeyPage {
  readonly rows: readonly EventRow[]
  /** There is nothing more up to this position. */
  readonly scannedTo: number
}

/** What became of a key; null: there is no document. */
export type Refolded = { readonly document: unknown } | { readonly error: unknown }

const pageSize = 500

/** Finds them by reading the whole log, or the stream that a view says its keys are folded from. */
export function searching(view: View, { log }: HistorySource): KeySource {
  return {
    async *pages({ tenant, keys }, to, types, after = 0) {
      const streams = view.streamOf && new Set([...keys].map((key) => view.streamOf?.(key) ?? ''))
      if (streams === undefined) yield* scan(tenant, types, after, to)
      else for (const stream of streams) yield* readStream(tenant, stream, after, to)
    },
  }

  async function* scan(
    tenant: string,
    types: ReadonlySet<string>,
    from: number,
    to: number,
  ): AsyncGenerator<KeyPage> {
    for (let after = from; after < to; ) {
      const query = { branch: mainBranch, tenant, after, limit: pageSize, types: [...types] }
      const { events, scannedTo } = await log.read(query)
      yield { rows: events.filter(({ position }) => position <= to), scannedTo: Math.min(scannedTo, to) }
      if (scannedTo <= after) return
      after = scannedTo
    }
  }

  async function* readStream(
    tenant: string,
    stream: string,
    from: number,
    to: number,
  ): AsyncGenerator<KeyPage> {
    for (let after = 0; ; ) {
      const { events } = await log.readStream({ branch: mainBranch, tenant, stream, after, limit: pageSize })
      const rows = events.filter(({ position }) => position > from && position <= to)
      const last = events.at(-1)
      if (last === undefined) return
      yield { rows, scannedTo: Math.min(last.position, to) }
      if (last.position >= to) return
      after = last.revision
    }
  }
}

/** Folds documents anew, from the history that amendments have left. */
export interface Refolding {
  /**
   * Folds the documents of some keys, of what is recorded up to a position.
   *
   * @param documentOf of a key that is not among them, such as the page of a history that one of them goes on from
   * @throws HeadwaterError `event.newer-version`
   */
  fold(
    wanted: KeysOfTenant,
    to: number,
    overlay: Overlay,
    documentOf: (key: string) => unknown,
  ): Promise<ReadonlyMap<string, Refolded>>
}

/** Folds from the events that a source of keys gives. */
export class Refolder implements Refolding {
  readonly #view: View
  readonly #source: HistorySource
  readonly #keys: KeySource
  readonly #turn: () => Promise<void>
  readonly #versions: KnownVersions

  /** @param turn called after each page, so that others get theirs */
  constructor(view: View, source: HistorySource, keys: KeySource, turn: () => Promise<void>) {
    this.#view = view
    this.#source = source
    this.#keys = keys
    this.#turn = turn
    this.#versions = versionsOf(view.events)
  }

  /**
   * @param begun what was folded up to a position before, to go on from; what is amended since stands behind it
   * @throws HeadwaterError `event.newer-version`
   */
  async fold(
    wanted: KeysOfTenant,
    to: number,
    overlay: Overlay,
    documentOf: (key: string) => unknown,
    begun?: { readonly after: number; readonly folded: ReadonlyMap<string, Refolded> },
  ): Promise<ReadonlyMap<string, Refolded>> {
    const folded = new Map<string, Refolded>(begun?.folded)
    for (const key of wanted.keys) if (!folded.has(key)) folded.set(key, { document: null })
    const show = this.#view.showsEverything === true ? 'everything' : 'standing'
    const weaver = new Weaver(overlay, begun?.after ?? 0, show)
    const types = overlay.recordedTypes(this.#versions.keys())
    for await (const { rows, scannedTo } of this.#keys.pages(wanted, to, types, begun?.after)) {
      for (const { row } of weaver.weave(rows, scannedTo)) {
        if (row.tenant !== wanted.tenant || !(this.#versions.has(row.type) || isAmendment(row))) continue
        requireKnown(this.#versions, row, `View ${this.#view.name}`)
        this.#take(this.#source.decode(row), folded, documentOf)
      }
      await this.#turn()
    }
    return folded
  }

  #take(event: RecordedEvent, folded: Map<string, Refolded>, documentOf: (key: string) => unknown): void {
    for (const key of keysOf(this.#view, event)) {
      const known = folded.get(key)
      if (known === undefined || 'error' in known) continue
      try {
        const before = known.document ?? this.#initial(key, folded, documentOf)
        folded.set(key, { document: this.#view.fold(before, event, key) ?? null })
      } catch (error) {
        if (isHeadwaterError(error, 'event.newer-version')) throw error
        folded.set(key, { error })
      }
    }
  }

  #initial(
    key: string,
    folded: ReadonlyMap<string, Refolded>,
    documentOf: (key: string) => unknown,
  ): unknown {
    const before = this.#view.continues?.(key)
    if (before === undefined) return this.#view.initial(key)
    const known = folded.get(before)
    if (known !== undefined && 'error' in known) throw known.error
    const document = known === undefined ? documentOf(before) : known.document
    return this.#view.initial(key, document ?? undefined)
  }
}

/** None, where they can't be told: then the event was folded into no document. */
export function keysOf(view: View, event: RecordedEvent): readonly string[] {
  try {
    return view.keysOf(event)
  } catch {
    return []
  }
}
