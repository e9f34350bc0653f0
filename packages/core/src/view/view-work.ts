import { isAmendment } from '../amend/amendment.ts'
import { FollowedHistory, type Met, type MetAmendment } from '../amend/followed-history.ts'
import type { HeadwaterError } from '../message/errors.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { type KnownVersions, newerThanKnown, versionsOf } from '../message/versions.ts'
import type { SequenceKey } from '../log/parking.ts'
import { ParkedSequences } from '../process/parked-sequences.ts'
import { type Scope, wholeScope } from '../process/scope.ts'
import { Turns } from '../process/turns.ts'
import {
  type Fence,
  handledResult,
  type OwnResult,
  type ProcessorWork,
  type Retried,
  sequenceWithoutKey,
  type Taken,
  type ToPark,
  toPark,
  type ToRetry,
} from '../process/work.ts'
import { DirtyKeys } from './dirty-keys.ts'
import { keysOf, Refolder, type Refolding, searching } from './refold.ts'
import type { View } from './view.ts'
import { pageSize, type ViewParts } from './view-parts.ts'
import { WorkingDocuments } from './working-documents.ts'

/** A build commits so many documents at a time beside its checkpoints: others write in between. */
const sliceSize = 128
/** Milliseconds that a page may be worked on before others get their turn. */
const longestTurn = { live: 10, build: 1 } as const
/** Folded events after which a catch-up commits. */
const mostEvents = 50_000
/** Milliseconds after which no further parked event is folded, so that new ones get their turn. */
const longestStretch = 1_000

/** Folds events into a view's documents; those that can't be folded are parked with what follows for their key. */
export class ViewWork implements ProcessorWork {
  readonly #view: View
  readonly #parts: ViewParts
  readonly #scope: Scope
  readonly #versions: KnownVersions
  readonly #who: string
  readonly #documents: WorkingDocuments
  readonly #turns: Turns
  readonly #history: FollowedHistory
  readonly #refolder: Refolding
  /** Up to here everything is folded. */
  #position = 0
  #parked = new ParkedSequences()
  #park: ToPark[] = []
  #results: OwnResult[] = []
  #ask: SequenceKey[] = []
  #folded = 0

  constructor(view: View, parts: ViewParts, scope: Scope) {
    this.#view = view
    this.#parts = parts
    this.#scope = scope
    this.#versions = versionsOf(view.events)
    this.#who = `View ${view.name}`
    this.#documents = new WorkingDocuments(view, { ...parts, pageSize })
    this.#turns = new Turns(longestTurn[parts.pace ?? 'live'])
    const { source } = parts
    const show = view.showsEverything === true ? 'everything' : 'standing'
    this.#history = new FollowedHistory(source, this.#versions.keys(), show)
    const whole = new Refolder(view, source, searching(view, source), () => this.#turns.take())
    this.#refolder = parts.refolding?.(whole) ?? whole
  }

  get oldest(): undefined {
    return undefined
  }

  get isFull(): boolean {
    return this.#documents.isFull || this.#folded >= mostEvents
  }

  get isDirty(): boolean {
    return this.#documents.isDirty || this.#park.length > 0 || this.#results.length > 0
  }

  async begin(parked: ParkedSequences, _onProgress: () => void, after: number): Promise<void> {
    await this.#history.begin(after, this.#parts.amendedTo)
    this.#position = after
    this.#parked = parked
    this.#documents.clear()
    this.#park = []
    this.#results = []
    this.#ask = []
    this.#folded = 0
  }

  async process(events: readonly RecordedEvent[], fence: Fence): Promise<Taken> {
    await this.#turns.take()
    const { count, newer } = this.#history.isPlain(events)
      ? await this.#takeAll(events)
      : await this.#takeAmended(events)
    this.#position = events[count - 1]?.position ?? this.#position
    this.#folded += count
    if (this.isFull || count < pageSize) await this.#writeAhead(fence)
    return newer === undefined ? { count } : { count, newer }
  }

  async #takeAll(events: readonly RecordedEvent[]): Promise<Taken> {
    const { known, newer } = this.#knownOf(events)
    const keys = known.map((event) => this.#keysOf(event, event.position))
    await this.#documents.load(known, keys, this.#position)
    for (const [index, event] of known.entries()) {
      for (const key of keys[index] ?? []) this.#take(event, key, event.position)
    }
    return { count: known.length, ...(newer && { newer }) }
  }

  /** Takes events and amendments; the documents of amended keys are folded anew when the others are done. */
  async #takeAmended(events: readonly RecordedEvent[]): Promise<Taken> {
    const met = await this.#history.meet(events)
    const cut = met.find((one) => this.#newerOf(one) !== undefined)
    const count = cut === undefined ? events.length : cut.index
    const known = met.filter(({ index }) => index < count)
    const keys = known.map((one) =>
      one.kind === 'event' ? this.#keysOf(one.event, one.slot) : this.#amendedKeys(one),
    )
    await this.#documents.load(
      known.map(({ event }) => event),
      keys,
      this.#position,
    )
    const dirty = new DirtyKeys()
    for (const [index, one] of known.entries()) {
      for (const key of keys[index] ?? []) {
        const waiting = dirty.get(one.event.tenant, key)
        if (waiting !== undefined) waiting.push(one.event)
        else if (this.#goesOnFrom(dirty, one.event.tenant, key)) dirty.add(one.event, key)
        else if (one.kind === 'event') this.#take(one.event, key, one.slot)
        else if (!this.#amendAtOnce(one, key)) dirty.add(one.event, key)
      }
    }
    await this.#refold(dirty, events[count - 1]?.position ?? this.#position)
    const newer = cut && this.#newerOf(cut)
    return { count, ...(newer && { newer }) }
  }

  /** Whether a document is begun from one that is not what it will be before the amended ones are folded. */
  #goesOnFrom(dirty: DirtyKeys, tenant: string, key: string): boolean {
    const before = this.#view.continues?.(key)
    return before !== undefined && dirty.get(tenant, before) !== undefined
  }

  #newerOf(met: Met): HeadwaterError | undefined {
    const events = met.kind === 'event' ? [met.event] : met.versions
    for (const event of events) {
      const newer = newerThanKnown(this.#versions, event, this.#who)
      if (newer !== undefined) return newer
    }
    return undefined
  }

  /** The keys of the documents that an amendment may have changed. */
  #amendedKeys({ event, versions }: MetAmendment): readonly string[] {
    const keys = new Set<string>()
    for (const version of versions) {
      if (!this.#versions.has(version.type)) continue
      const dependents = this.#view.dependents?.(version, event.revision) ?? keysOf(this.#view, version)
      for (const key of dependents) if (this.#owns(event, key, event.position)) keys.add(key)
    }
    return [...keys]
  }

  /** False: the document has to be folded anew. */
  #amendAtOnce(met: MetAmendment, key: string): boolean {
    const { event, slot, isKnown, versions } = met
    if (this.#parked.has(event.tenant, key)) {
      // It may be what the sequence has waited for.
      this.#park.push(toPark(event, key, 0, undefined, this.#parts.clock.now()))
      this.#ask.push({ tenant: event.tenant, sequence: key })
      return true
    }
    const entry = this.#documents.get(event.tenant, key)
    if (event.position <= entry.foldedTo) return true
    // What was recorded under a type that is not followed is not met where it stands.
    const isMet = slot > this.#history.after && this.#versions.has(versions[0]?.type ?? '')
    const isFoldedSo = isMet && slot > entry.foldedTo && this.#owns(event, key, slot)
    if (isKnown) return isFoldedSo
    return this.#undo(met, key)
  }

  /** Takes out what stood there and puts in what stands there now, if the view can. */
  #undo({ event, before, after }: MetAmendment, key: string): boolean {
    const view = this.#view
    if (view.undo === undefined) return false
    const entry = this.#documents.get(event.tenant, key)
    const concerns = (fact: RecordedEvent | undefined): fact is RecordedEvent =>
      fact !== undefined && this.#versions.has(fact.type) && keysOf(view, fact).includes(key)
    try {
      let { document } = entry
      if (concerns(before)) document = view.undo(document ?? view.initial(key), before, key) ?? null
      if (concerns(after)) document = view.fold(document ?? view.initial(key), after, key) ?? null
      this.#documents.change(entry, document, event.position)
      return true
    } catch {
      return false
    }
  }

  async #refold(dirty: DirtyKeys, to: number): Promise<void> {
    for (const [tenant, keys] of dirty.byTenant) {
      const wanted = { tenant, keys: new Set(keys.keys()) }
      const documentOf = (key: string): unknown => this.#documents.get(tenant, key).document
      const folded = await this.#refolder.fold(wanted, to, this.#history.overlay, documentOf)
      for (const [key, waiting] of keys) {
        const result = folded.get(key) ?? { document: null }
        const entry = this.#documents.get(tenant, key)
        if ('error' in result) this.#setAsideAll(waiting, key, result.error)
        else if (entry.document !== null || result.document !== null)
          this.#documents.change(entry, result.document, to)
      }
    }
  }

  /** The document stays as it was before the first of them, which is parked with all that follows for the key. */
  #setAsideAll([first, ...rest]: readonly RecordedEvent[], key: string, error: unknown): void {
    if (first === undefined) return
    this.#parked.add(first.tenant, key)
    this.#setAside(first, key, error)
    for (const event of rest) this.#park.push(toPark(event, key, 0, undefined, this.#parts.clock.now()))
  }

  /**
   * Writes most of what has changed in small transactions, so that the one with the checkpoint is small too. If the process
   * dies in between, these documents are ahead of the checkpoint: their positions say which events they hold.
   */
  async #writeAhead(fence: Fence): Promise<void> {
    const { commitAhead } = this.#parts
    if (commitAhead === undefined) return
    for (const slice of this.#documents.slices(sliceSize)) {
      await commitAhead(fence, slice)
      await this.#turns.take()
    }
  }

  async retry(sequences: readonly ToRetry[]): Promise<readonly Retried[]> {
    await this.#documents.load(
      sequences,
      sequences.map(({ sequence }) => [sequence]),
      this.#position,
    )
    const deadline = performance.now() + longestStretch
    const retried: Retried[] = []
    for (const sequence of sequences)
      retried.push((await this.#retryAmended(sequence)) ?? this.#retry(sequence, deadline))
    return retried
  }

  async settle(): Promise<void> {}

  collect() {
    const collected = {
      documents: this.#documents.collect(),
      park: this.#park,
      results: this.#results,
      ask: this.#ask,
    }
    this.#park = []
    this.#results = []
    this.#ask = []
    this.#folded = 0
    return collected
  }

  /** The events before the first one of a version that this code doesn't know. */
  #knownOf(events: readonly RecordedEvent[]) {
    for (const [index, event] of events.entries()) {
      const newer = newerThanKnown(this.#versions, event, this.#who)
      if (newer !== undefined) return { known: events.slice(0, index), newer }
    }
    return { known: events, newer: undefined }
  }

  #keysOf(event: RecordedEvent, position: number): readonly string[] {
    let keys: readonly string[]
    try {
      keys = this.#view.keysOf(event)
    } catch (error) {
      // Without a key nothing can wait behind it, so only the event itself is parked.
      const sequence = sequenceWithoutKey(event)
      if (this.#owns(event, sequence, position)) this.#setAside(event, sequence, error)
      return []
    }
    return this.#scope === wholeScope ? keys : keys.filter((key) => this.#owns(event, key, position))
  }

  #take(event: RecordedEvent, key: string, position: number): void {
    if (this.#parked.has(event.tenant, key)) {
      this.#park.push(toPark(event, key, 0, undefined, this.#parts.clock.now()))
      return
    }
    try {
      this.#fold(event, key, position)
    } catch (error) {
      // A fold is pure: trying it again would fail again.
      this.#parked.add(event.tenant, key)
      this.#setAside(event, key, error)
    }
  }

  /** @throws what the fold throws; then the document is as it was */
  #fold(event: RecordedEvent, key: string, position: number): void {
    const entry = this.#documents.get(event.tenant, key)
    if (position <= entry.foldedTo) return
    const document = this.#view.fold(entry.document ?? this.#initial(event.tenant, key), event, key) ?? null
    this.#documents.change(entry, document, position)
  }

  #initial(tenant: string, key: string): unknown {
    const before = this.#view.continues?.(key)
    const entry = before === undefined ? undefined : this.#documents.get(tenant, before)
    return this.#view.initial(key, entry?.document ?? undefined)
  }

  #owns({ tenant }: RecordedEvent, key: string, position: number): boolean {
    return this.#scope.owns(tenant, key, position)
  }

  #setAside(event: RecordedEvent, sequence: string, error: unknown): void {
    const { processor, clock, onError } = this.#parts
    this.#park.push(toPark(event, sequence, 1, error, clock.now()))
    onError(error, { processor, eventId: event.id })
  }

  /** A sequence with an amendment in it is folded anew as a whole; undefined: it has none, or can't be. */
  async #retryAmended({ tenant, sequence, events }: ToRetry): Promise<Retried | undefined> {
    const last = events.at(-1)
    if (last === undefined || !events.some(({ event }) => isAmendment(event))) return undefined
    const wanted = { tenant, keys: new Set([sequence]) }
    const documentOf = (key: string): unknown => this.#documents.get(tenant, key).document
    const to = last.event.position
    const folded = (await this.#refolder.fold(wanted, to, this.#history.overlay, documentOf)).get(sequence)
    if (folded === undefined || 'error' in folded) return undefined
    this.#documents.change(this.#documents.get(tenant, sequence), folded.document, to)
    for (const { parked } of events) {
      const result = handledResult(parked, parked.attempts + 1)
      if (result !== undefined) this.#results.push(result)
    }
    return { done: events.length }
  }

  #retry({ sequence, events }: ToRetry, deadline: number): Retried {
    let done = 0
    for (const one of events) {
      if (done > 0 && performance.now() > deadline) break
      const newer = newerThanKnown(this.#versions, one.event, this.#who)
      if (newer !== undefined) return { done, newer }
      const attempts = one.parked.attempts + 1
      try {
        if (isAmendment(one.event)) throw new Error('The events that it amends can’t be folded yet')
        const standing = this.#history.standing(one.original)
        // An operator's edit was made of an event that counts: what doesn't is left out.
        if (standing === one.original) this.#foldParked(one, sequence)
        else if (standing !== undefined) this.#foldParked({ ...one, event: standing }, sequence)
      } catch (error) {
        this.#parts.onError(error, { processor: this.#parts.processor, eventId: one.event.id })
        return { done, failure: { attempts, error } }
      }
      const result = handledResult(one.parked, attempts)
      if (result !== undefined) this.#results.push(result)
      done += 1
    }
    return { done }
  }

  /** Folds a parked event into the document of its sequence, and hands it on to the keys that only an edit has given it. */
  #foldParked({ parked, event, original }: ToRetry['events'][0], sequence: string): void {
    const keys = this.#view.keysOf(event)
    const isOwn = keys.includes(sequence)
    const hadNone = !isOwn && sequence === sequenceWithoutKey(original)
    const before = hadNone ? [] : this.#keysBefore(original)
    const { tenant, position } = event
    // In another database it may have been folded by somebody who died before it was unparked.
    const shown = isOwn && before.includes(sequence) ? this.#documents.get(tenant, sequence).position : 0
    const isFolded = this.#parts.isElsewhere === true && shown >= position
    if (isOwn && !isFolded) this.#fold(event, sequence, position)
    for (const key of keys) {
      if (key === sequence || before.includes(key)) continue
      this.#park.push({ ...toPark(event, key, 0, undefined, parked.parkedAt), edit: parked.edit })
      this.#ask.push({ tenant, sequence: key })
      if (this.#scope.owns(tenant, key, position)) this.#parked.add(tenant, key)
    }
  }

  /** The keys for which the event as it was recorded has been folded, or is parked. */
  #keysBefore(original: RecordedEvent): readonly string[] {
    try {
      return this.#view.keysOf(original)
    } catch {
      return []
    }
  }
}
