import { amendedType, type Amendment, isAmendment, readAmendment } from '../amend/amendment.ts'
import { FollowedHistory, type HistorySource } from '../amend/followed-history.ts'
import { type AppendRequest, type EventRow, mainBranch } from '../log/port.ts'
import { pendingRows } from '../log/rows.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { turn } from '../process/turns.ts'
import { keysOf, Refolder, type Refolded, searching } from './refold.ts'
import type { View } from './view.ts'

/** The types that the amendments of an append concern. */
export function typesAmendedBy(
  request: Pick<AppendRequest, 'streams'>,
  decode: (row: EventRow) => RecordedEvent,
) {
  const types = new Set<string>()
  for (const { target, content } of amendmentsOf(request as AppendRequest, decode)) {
    if (target.type !== null) types.add(target.type)
    if (content !== undefined) types.add(content.type)
  }
  return types
}

/** Those of an append that is not recorded yet: they stand behind all that is. */
function amendmentsOf(
  request: AppendRequest,
  decode: (row: EventRow) => RecordedEvent,
): readonly Amendment[] {
  const rows = [...pendingRows(request)].filter(isAmendment)
  const first = Number.MAX_SAFE_INTEGER - rows.length
  return rows.map((row, index) => readAmendment({ ...row, position: first + index }, decode(row).data))
}

interface Said {
  /** What stands there without the append, and with it. */
  readonly before: RecordedEvent | undefined
  readonly after: RecordedEvent | undefined
  readonly keys: ReadonlySet<string>
}

/** What the amendments of one append make of an inline view's documents, before they are recorded. */
export class InlineAmendment {
  readonly #view: View
  readonly #source: HistorySource
  readonly #refolder: Refolder
  readonly #history: FollowedHistory
  readonly #tenant: string
  readonly #said: readonly Said[]
  /** The amendments themselves, for a view that shows them. */
  readonly #shown: readonly RecordedEvent[]
  readonly keys: ReadonlySet<string>
  #folded: ReadonlyMap<string, Refolded> | undefined
  #to: number

  private constructor(
    view: View,
    source: HistorySource,
    tenant: string,
    history: FollowedHistory,
    said: readonly Said[],
    shown: readonly RecordedEvent[],
  ) {
    this.#view = view
    this.#source = source
    this.#refolder = new Refolder(view, source, searching(view, source), turn)
    this.#history = history
    this.#tenant = tenant
    this.#said = said
    this.#shown = shown
    this.#to = history.after
    const own = shown.flatMap((event) => keysOf(view, event))
    this.keys = new Set([...said.flatMap(({ keys }) => [...keys]), ...own])
  }

  static async of(
    view: View,
    request: AppendRequest,
    head: number,
    source: HistorySource,
  ): Promise<InlineAmendment> {
    const types = view.events.map(({ type }) => type)
    const history = new FollowedHistory(
      source,
      types,
      view.showsEverything === true ? 'everything' : 'standing',
    )
    await history.begin(head)
    const { overlay } = history
    const said: Said[] = []
    const shown: RecordedEvent[] = []
    const decoded = (row: EventRow | undefined): RecordedEvent | undefined => row && source.decode(row)
    for (const amendment of amendmentsOf(request, source.decode)) {
      const { edit, target, row } = amendment
      if (view.showsEverything === true) shown.push(source.decode(row))
      const base = edit === 'insert' ? row : await recordAt(source, target.position)
      if (base === undefined) continue
      const before = edit === 'insert' ? undefined : decoded(overlay.standing(base))
      overlay.add(amendment)
      const after = decoded(overlay.standing(base))
      const versions = overlay.versions(base).filter(({ type }) => types.includes(type))
      const keys = versions.flatMap((version) => {
        const event = source.decode(version)
        return view.dependents?.(event, row.revision) ?? keysOf(view, event)
      })
      if (keys.length > 0) said.push({ before, after, keys: new Set(keys) })
    }
    return new InlineAmendment(view, source, request.tenant, history, said, shown)
  }

  /** Folds what has to be folded anew, as far as the log goes: that may take a while. */
  async prepare(): Promise<void> {
    if (this.#view.undo !== undefined || this.keys.size === 0) return
    // What goes on from another document needs to see that one: it is folded when it can.
    if (this.#view.continues !== undefined) this.#to = 0
    else await this.#refold(this.#to, 0)
  }

  /**
   * The documents as they are with the amendments, of what is recorded up to a position.
   *
   * @param documents as they are without
   */
  async documents(
    to: number,
    documents: ReadonlyMap<string, unknown>,
  ): Promise<ReadonlyMap<string, unknown>> {
    if (this.keys.size === 0) return new Map()
    if (this.#view.undo !== undefined) return this.#undone(this.#view.undo, documents)
    const isAmended = await this.#isAmendedSince(this.#to, to)
    await this.#refold(to, isAmended ? 0 : this.#to, documents)
    const folded = new Map<string, unknown>()
    for (const [key, result] of this.#folded ?? []) {
      if ('error' in result) throw result.error
      folded.set(key, result.document)
    }
    for (const event of this.#shown) {
      for (const key of keysOf(this.#view, event))
        folded.set(key, this.#foldOne(event, key, folded, documents))
    }
    return folded
  }

  #foldOne(
    event: RecordedEvent,
    key: string,
    folded: ReadonlyMap<string, unknown>,
    documents: ReadonlyMap<string, unknown>,
  ): unknown {
    const before = this.#view.continues?.(key)
    const previous =
      before === undefined ? undefined : (folded.get(before) ?? documents.get(before) ?? undefined)
    const document = folded.get(key) ?? this.#view.initial(key, previous as never)
    return this.#view.fold(document, event, key) ?? null
  }

  #undone(undo: NonNullable<View['undo']>, documents: ReadonlyMap<string, unknown>) {
    const view = this.#view
    const changed = new Map(documents)
    const change = (key: string, fact: RecordedEvent | undefined, work: NonNullable<View['undo']>): void => {
      if (fact === undefined || !view.events.some(({ type }) => type === fact.type)) return
      if (!keysOf(view, fact).includes(key)) return
      changed.set(key, work(changed.get(key) ?? view.initial(key), fact, key) ?? null)
    }
    for (const { before, after, keys } of this.#said) {
      for (const key of keys) {
        change(key, before, undo)
        change(key, after, (...given) => view.fold(...given))
      }
    }
    return changed
  }

  async #refold(to: number, after: number, documents?: ReadonlyMap<string, unknown>): Promise<void> {
    const begun = after === 0 ? undefined : { after, folded: this.#folded ?? new Map() }
    const wanted = { tenant: this.#tenant, keys: this.keys }
    const documentOf = (key: string): unknown => documents?.get(key) ?? null
    this.#folded = await this.#refolder.fold(wanted, to, this.#history.overlay, documentOf, begun)
    this.#to = to
  }

  /** Whether somebody else has amended events meanwhile: then this one begins anew, as it knows nothing of that. */
  async #isAmendedSince(after: number, to: number): Promise<boolean> {
    let isAmended = false
    for (let from = after; from < to; ) {
      const query = {
        branch: mainBranch,
        tenant: this.#tenant,
        after: from,
        limit: 100,
        types: [amendedType],
      }
      const { events, scannedTo } = await this.#source.log.read(query)
      for (const row of events) this.#history.overlay.add(readAmendment(row, this.#source.decode(row).data))
      isAmended ||= events.length > 0
      from = scannedTo
    }
    return isAmended
  }
}

async function recordAt({ log }: HistorySource, position: number): Promise<EventRow | undefined> {
  const query = { branch: mainBranch, tenant: undefined, after: position - 1, limit: 1 }
  const [row] = (await log.read(query)).events
  return row?.position === position ? row : undefined
}
