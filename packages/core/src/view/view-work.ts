import type { PayloadCodec } from '../message/codec.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../message/versions.ts'
import { mainBranch, type DocumentWrite } from '../log/port.ts'
import type { Documents, ParkedEvent } from '../log/store.ts'
import type { ErrorHook } from '../process/mediator.ts'
import { parkedEvent, ParkedSequences, type ProcessorWork } from '../process/work.ts'
import { documentId } from './cache.ts'
import type { View } from './view.ts'

/** Changed documents, their bytes, or folded events, after which a catch-up commits. */
const mostDirty = 10_000
const mostDirtyBytes = 8 * 1024 * 1024
const mostEvents = 50_000
/** Documents kept in memory, and their bytes as far as they can be told. */
const mostCached = 50_000
const mostCachedBytes = 64 * 1024 * 1024

/** A document in memory. What is `changed` or being `written` is newer than in the store, and must be kept. */
interface Entry {
  readonly tenant: string
  readonly key: string
  /** Null: there is none. */
  document: unknown
  /** Of the last event that was folded into it. */
  position: number
  state: 'stored' | 'changed' | 'written'
}

/** Folds events into a view's documents: in memory between commits, each document written once per commit. */
export class ViewWork implements ProcessorWork {
  readonly name: string
  readonly kind = 'view'
  readonly types: readonly string[]
  // Larger pages outlive the young generation of the heap, and cost more than they save.
  readonly pageSize = 256
  readonly #view: View
  readonly #collection: string
  readonly #documents: Documents
  readonly #codec: PayloadCodec
  readonly #onError: ErrorHook
  readonly #versions: KnownVersions
  /** By tenant and key. */
  readonly #entries = new Map<string, Entry>()
  readonly #parkedSequences = new ParkedSequences()
  #changed: Entry[] = []
  #written: Entry[] = []
  #park: ParkedEvent[] = []
  #folded = 0
  /** Bytes of an encoded document, as the last commit had them on average. */
  #documentSize = 256

  constructor(view: View, collection: string, documents: Documents, codec: PayloadCodec, onError: ErrorHook) {
    this.name = view.name
    this.types = view.events.map(({ type }) => type)
    this.#view = view
    this.#collection = collection
    this.#documents = documents
    this.#codec = codec
    this.#onError = onError
    this.#versions = versionsOf(view.events)
  }

  get isFull(): boolean {
    const most = Math.min(mostDirty, mostDirtyBytes / this.#documentSize)
    return this.#changed.length >= most || this.#folded >= mostEvents
  }

  async begin(parked: readonly ParkedEvent[]): Promise<void> {
    this.#parkedSequences.reset(parked)
    this.#entries.clear()
    this.#changed = []
    this.#written = []
    this.#park = []
    this.#folded = 0
  }

  async process(events: readonly RecordedEvent[]): Promise<number> {
    const keys = events.map((event) => this.#keysOf(event))
    await this.#load(events, keys)
    for (const [index, event] of events.entries()) {
      for (const key of keys[index] ?? []) this.#fold(event, key)
    }
    this.#folded += events.length
    return events.length
  }

  collect() {
    for (const entry of this.#written) if (entry.state === 'written') entry.state = 'stored'
    this.#written = this.#changed
    this.#changed = []
    const documents = this.#written.map((entry) => this.#write(entry))
    const park = this.#park
    this.#park = []
    this.#folded = 0
    if (documents.length > 0) this.#documentSize = averageSize(documents)
    this.#trim(Math.min(mostCached, mostCachedBytes / this.#documentSize))
    return { documents, park }
  }

  #write(entry: Entry): DocumentWrite {
    const { tenant, key, document, position } = entry
    entry.state = 'written'
    return {
      collection: this.#collection,
      tenant,
      branch: mainBranch,
      key,
      document: document === null ? null : this.#codec.encode('document', this.name, 1, document),
      // Nobody else writes them: the commit is fenced.
      expectedVersion: undefined,
      position,
    }
  }

  /** Drops what was put in first. What is being committed can't be read from the store yet, so it stays. */
  #trim(capacity: number): void {
    for (const [id, { state }] of this.#entries) {
      if (this.#entries.size <= capacity) return
      if (state === 'stored') this.#entries.delete(id)
    }
  }

  #keysOf(event: RecordedEvent): readonly string[] {
    requireKnown(this.#versions, event, `View ${this.name}`)
    try {
      return this.#view.keysOf(event)
    } catch (error) {
      // Without a key nothing can wait behind it, so only the event itself is parked.
      this.#setAside(event, `${event.stream}@${event.revision}`, error)
      return []
    }
  }

  /** Reads the documents that a page needs and memory doesn't hold, all at once. */
  async #load(events: readonly RecordedEvent[], keys: readonly (readonly string[])[]): Promise<void> {
    const missing = new Map<string, Set<string>>()
    for (const [index, { tenant }] of events.entries()) {
      for (const key of keys[index] ?? []) {
        if (this.#entries.has(documentId(tenant, key))) continue
        const known = missing.get(tenant)
        if (known === undefined) missing.set(tenant, new Set([key]))
        else known.add(key)
      }
    }
    for (const [tenant, wanted] of missing) {
      const list = [...wanted]
      const rows = await this.#documents.get(this.#collection, mainBranch, tenant, list)
      for (const [index, key] of list.entries()) {
        const row = rows[index]
        const document = row === undefined ? null : this.#codec.decode('document', this.name, 1, row.document)
        this.#entries.set(documentId(tenant, key), {
          tenant,
          key,
          document,
          position: row?.position ?? 0,
          state: 'stored',
        })
      }
    }
  }

  #fold(event: RecordedEvent, key: string): void {
    const { tenant } = event
    if (this.#parkedSequences.has(tenant, key)) {
      this.#park.push(parkedEvent(this.name, event, key, 0, undefined))
      return
    }
    const entry = this.#entries.get(documentId(tenant, key))
    // All that a page needs was loaded before its first event.
    if (entry === undefined) throw new Error(`Document ${key} of view ${this.name} was not loaded`)
    try {
      entry.document = this.#view.fold(entry.document ?? this.#view.initial(key), event, key) ?? null
    } catch (error) {
      // A fold is pure: trying it again would fail again.
      this.#parkedSequences.add(tenant, key)
      this.#setAside(event, key, error)
      return
    }
    entry.position = event.position
    if (entry.state === 'changed') return
    entry.state = 'changed'
    this.#changed.push(entry)
  }

  #setAside(event: RecordedEvent, sequence: string, error: unknown): void {
    this.#park.push(parkedEvent(this.name, event, sequence, 1, error))
    this.#onError(error, { processor: this.name, eventId: event.id })
  }
}

/** Characters stand for bytes: it is a bound, not a measurement. */
function averageSize(documents: readonly DocumentWrite[]): number {
  const size = documents.reduce((sum, { document }) => sum + (document?.length ?? 0), 0)
  return Math.max(1, size / documents.length)
}
