import type { DocumentWrite } from '../../log/port.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { type KnownVersions, newerThanKnown, versionsOf } from '../../message/versions.ts'
import { Turns } from '../../process/turns.ts'
import type { Fence, ProcessorWork, Retried, Taken } from '../../process/work.ts'
import { documentId } from '../../view/cache.ts'
import type { View } from '../../view/view.ts'
import { KeyHistory } from './key-history.ts'
import type { PastDocuments } from './past-documents.ts'
import type { StoredHistory } from './stored-history.ts'

// Larger pages outlive the young generation of the heap.
export const pageSize = 256
/** Events after which it is committed how far the index has come. */
const mostEvents = 50_000
/** Keys with news after which they are written, and after which it is committed. */
const mostChanged = 5_000
/** So many keys are written in one small transaction, so that others write in between. */
const sliceSize = 128
/** Keys that are kept in memory. */
const mostKept = 20_000
/** Milliseconds that a page may be worked on before others get their turn: nobody is in a hurry for the index. */
const longestTurn = 2

export interface HistoryWorkParts {
  readonly view: View
  readonly stored: StoredHistory
  readonly past: PastDocuments
  /** Writes documents ahead of the checkpoint. */
  readonly commitAhead: (fence: Fence, documents: readonly DocumentWrite[]) => Promise<void>
}

/**
 * Keeps the index of a view's history: which events each key has, and after so many of them how its document stood. It only
 * asks for the keys of events; documents are folded for keys that have many.
 */
export class HistoryWork implements ProcessorWork {
  readonly #parts: HistoryWorkParts
  readonly #versions: KnownVersions
  readonly #turns = new Turns(longestTurn)
  /** By tenant and key. */
  readonly #keys = new Map<string, KeyHistory>()
  #changed = new Set<KeyHistory>()
  #taken = 0
  /** What is written ahead of its checkpoint is read again by whoever goes on from there. */
  readonly isSequential = true
  readonly oldest = undefined

  constructor(parts: HistoryWorkParts) {
    this.#parts = parts
    this.#versions = versionsOf(parts.view.events)
  }

  get isFull(): boolean {
    return this.#taken >= mostEvents || this.#changed.size >= mostChanged
  }

  get isDirty(): boolean {
    return this.#changed.size > 0
  }

  async begin(): Promise<void> {
    this.#keys.clear()
    this.#changed = new Set()
    this.#taken = 0
  }

  async process(events: readonly RecordedEvent[], fence: Fence): Promise<Taken> {
    await this.#turns.take()
    const { known, newer } = this.#knownOf(events)
    const keys = known.map((event) => this.#keysOf(event))
    await this.#load(known, keys)
    const full = new Set<KeyHistory>()
    for (const [index, event] of known.entries()) {
      for (const key of keys[index] ?? []) this.#take(event, key, full)
    }
    await this.#close(full, new Map(known.map((event) => [event.position, event])), fence)
    this.#taken += known.length
    if (this.#changed.size >= mostChanged) {
      await this.#writeAhead(fence)
      this.#taken = mostEvents
    }
    return newer === undefined ? { count: known.length } : { count: known.length, newer }
  }

  retry(): Promise<readonly Retried[]> {
    return Promise.resolve([])
  }

  async settle(): Promise<void> {}

  collect() {
    const documents = this.#write(this.#changed)
    this.#changed = new Set()
    this.#taken = 0
    this.#trim()
    return { documents, park: [] }
  }

  #take(event: RecordedEvent, key: string, full: Set<KeyHistory>): void {
    const history = this.#get(event.tenant, key)
    const before = history.isNew ? this.#parts.view.continues?.(key) : undefined
    if (!history.add(event.position, event.occurredAt.getTime())) return
    this.#changed.add(history)
    if (history.isFull) full.add(history)
    // How the one stands that it goes on from is found at once, however long the chain is.
    const continued = before === undefined ? undefined : this.#get(event.tenant, before)
    if (continued?.canBeClosed !== true) return
    full.add(continued)
    this.#changed.add(continued)
  }

  async #close(
    full: ReadonlySet<KeyHistory>,
    atHand: ReadonlyMap<number, RecordedEvent>,
    fence: Fence,
  ): Promise<void> {
    const { view, past } = this.#parts
    // What another one goes on from is read from the store, so it has to be there.
    const isChained = view.continues !== undefined && full.size > 0
    if (isChained) await this.#writeAhead(fence)
    for (const history of full) {
      await history.close(past, atHand)
      if (isChained) await this.#writeSlice([history], fence)
      await this.#turns.take()
    }
  }

  /** The events before the first one of a version that this code doesn't know. */
  #knownOf(events: readonly RecordedEvent[]) {
    for (const [index, event] of events.entries()) {
      const newer = newerThanKnown(this.#versions, event, `The history of view ${this.#parts.view.name}`)
      if (newer !== undefined) return { known: events.slice(0, index), newer }
    }
    return { known: events, newer: undefined }
  }

  #keysOf(event: RecordedEvent): readonly string[] {
    try {
      return this.#parts.view.keysOf(event)
    } catch {
      // The view has parked it: it changed no document.
      return []
    }
  }

  #get(tenant: string, key: string): KeyHistory {
    const history = this.#keys.get(documentId(tenant, key))
    if (history === undefined) throw new Error(`The history of ${key} was not loaded`)
    return history
  }

  /** Reads what is open of the keys that memory doesn't hold, all at once. */
  async #load(events: readonly RecordedEvent[], keys: readonly (readonly string[])[]): Promise<void> {
    const missing = new Map<string, Set<string>>()
    const want = (tenant: string, key: string | undefined): void => {
      if (key === undefined || this.#keys.has(documentId(tenant, key))) return
      const known = missing.get(tenant)
      if (known === undefined) missing.set(tenant, new Set([key]))
      else known.add(key)
    }
    for (const [index, { tenant }] of events.entries()) {
      for (const key of keys[index] ?? []) {
        want(tenant, key)
        want(tenant, this.#parts.view.continues?.(key))
      }
    }
    for (const [tenant, wanted] of missing) {
      const names = [...wanted]
      const open = await this.#parts.stored.open(tenant, names)
      for (const [index, key] of names.entries())
        this.#keys.set(documentId(tenant, key), new KeyHistory(tenant, key, open[index]))
    }
  }

  /**
   * Writes what has changed in small transactions. If the process dies in between, these keys are ahead of the checkpoint:
   * their positions say which events they have.
   */
  async #writeAhead(fence: Fence): Promise<void> {
    const changed = [...this.#changed]
    for (let start = 0; start < changed.length; start += sliceSize) {
      await this.#writeSlice(changed.slice(start, start + sliceSize), fence)
      await this.#turns.take()
    }
  }

  async #writeSlice(slice: readonly KeyHistory[], fence: Fence): Promise<void> {
    await this.#parts.commitAhead(fence, this.#write(slice))
    for (const history of slice) this.#changed.delete(history)
  }

  #write(changed: Iterable<KeyHistory>): DocumentWrite[] {
    return [...changed].flatMap((history) => history.collect(this.#parts.stored))
  }

  /** Drops what was read first; what is not written yet stays. */
  #trim(): void {
    for (const [id, history] of this.#keys) {
      if (this.#keys.size <= mostKept) return
      if (!this.#changed.has(history)) this.#keys.delete(id)
    }
  }
}
