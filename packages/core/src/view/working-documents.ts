import type { PayloadCodec } from '../message/codec.ts'
import { mainBranch, type DocumentWrite } from '../log/port.ts'
import type { Documents } from '../log/store.ts'
import { documentId } from './cache.ts'
import { documentWrite } from './document-write.ts'
import type { View } from './view.ts'

/** Changed documents, and their bytes, after which a catch-up commits. */
const mostDirty = 10_000
const mostDirtyBytes = 8 * 1024 * 1024
/** Documents kept in memory, and their bytes as far as they can be told. */
const mostCached = 50_000
const mostCachedBytes = 64 * 1024 * 1024

/** A document in memory. What is `changed` or being `written` is newer than in the store, and must be kept. */
export interface WorkingDocument {
  readonly tenant: string
  readonly key: string
  /** Null: there is none. */
  document: unknown
  /** Of the last event that was folded into it. */
  position: number
  /** Up to here its events were folded into it before it was read: a build may have gone on beyond its checkpoint. */
  readonly foldedTo: number
  state: 'stored' | 'changed' | 'written'
}

export interface WorkingDocumentsParts {
  readonly collection: string
  readonly documents: Pick<Documents, 'get'>
  readonly codec: PayloadCodec
  /** What one commit holds at most, where it is less than usual. */
  readonly largestCommit?: { readonly documents: number; readonly bytes: number }
  /** Given where documents are written ahead of the checkpoint. */
  readonly commitAhead?: unknown
  /** How many events change documents at a time. */
  readonly pageSize: number
}

/** The documents that a view is being folded into: in memory between commits, each written once per commit. */
export class WorkingDocuments {
  readonly #view: View
  readonly #parts: WorkingDocumentsParts
  /** By tenant and key. */
  readonly #entries = new Map<string, WorkingDocument>()
  /** Of those that somebody who died has folded further than the checkpoint: up to where. */
  readonly #ahead = new Map<string, number>()
  #changed: WorkingDocument[] = []
  #written: WorkingDocument[] = []
  /** Bytes of an encoded document, as the last commit had them on average. */
  #size = 256

  constructor(view: View, parts: WorkingDocumentsParts) {
    this.#view = view
    this.#parts = parts
  }

  get isFull(): boolean {
    const { largestCommit, pageSize } = this.#parts
    const { documents = mostDirty, bytes = mostDirtyBytes } = largestCommit ?? {}
    // The page that fills it is in it as a whole.
    return this.#changed.length >= Math.min(documents - pageSize, bytes / this.#size)
  }

  get isDirty(): boolean {
    return this.#changed.length > 0
  }

  clear(): void {
    this.#entries.clear()
    this.#ahead.clear()
    this.#changed = []
    this.#written = []
  }

  /** Of what was loaded before. */
  get(tenant: string, key: string): WorkingDocument {
    const entry = this.#entries.get(documentId(tenant, key))
    if (entry === undefined) throw new Error(`Document ${key} of view ${this.#view.name} was not loaded`)
    return entry
  }

  change(entry: WorkingDocument, document: unknown, position: number): void {
    entry.document = document
    entry.position = Math.max(entry.position, position)
    if (entry.state === 'changed') return
    entry.state = 'changed'
    this.#changed.push(entry)
  }

  /**
   * Reads the documents that memory doesn't hold, all at once: of each tenant in the list the keys at the same place.
   *
   * @param position up to here everything is folded: what shows more was folded before
   */
  async load(
    tenants: readonly { readonly tenant: string }[],
    keys: readonly (readonly string[])[],
    position: number,
  ): Promise<void> {
    const missing = new Map<string, Set<string>>()
    const want = (tenant: string, key: string | undefined): void => {
      if (key === undefined || this.#entries.has(documentId(tenant, key))) return
      const known = missing.get(tenant)
      if (known === undefined) missing.set(tenant, new Set([key]))
      else known.add(key)
    }
    for (const [index, { tenant }] of tenants.entries()) {
      for (const key of keys[index] ?? []) {
        want(tenant, key)
        want(tenant, this.#view.continues?.(key))
      }
    }
    for (const [tenant, wanted] of missing) await this.#read(tenant, [...wanted], position)
  }

  async #read(tenant: string, keys: readonly string[], foldedTo: number): Promise<void> {
    const { collection, documents, codec } = this.#parts
    const rows = await documents.get(collection, mainBranch, tenant, keys)
    for (const [index, key] of keys.entries()) {
      const row = rows[index]
      const document = row === undefined ? null : codec.decode('document', this.#view.name, 1, row.document)
      const position = row?.position ?? 0
      const id = documentId(tenant, key)
      if (this.#parts.commitAhead !== undefined && position > foldedTo) this.#ahead.set(id, position)
      const ahead = this.#ahead.get(id) ?? 0
      this.#entries.set(id, { tenant, key, document, position, foldedTo: ahead, state: 'stored' })
    }
  }

  /**
   * What has changed, in slices to be written one after the other; the last one is left for the checkpoint's commit. So is
   * a document that is gone: it has no position.
   */
  *slices(size: number): Generator<readonly DocumentWrite[]> {
    const gone = this.#changed.filter(({ document }) => document === null)
    const kept = this.#changed.filter(({ document }) => document !== null)
    while (kept.length > size) {
      const slice = kept.splice(0, size)
      yield slice.map((entry) => this.#write(entry))
      for (const entry of slice) entry.state = 'stored'
    }
    this.#changed = [...kept, ...gone]
  }

  collect(): readonly DocumentWrite[] {
    for (const entry of this.#written) if (entry.state === 'written') entry.state = 'stored'
    this.#written = this.#changed
    this.#changed = []
    const writes = this.#written.map((entry) => this.#write(entry))
    if (writes.length > 0) this.#size = averageSize(writes)
    this.#trim(Math.min(mostCached, mostCachedBytes / this.#size))
    return writes
  }

  #write(entry: WorkingDocument): DocumentWrite {
    const { tenant, key, document, position } = entry
    const { collection, codec } = this.#parts
    entry.state = 'written'
    // Nobody else writes them, as the commit is fenced: they are expected at no version.
    const versions = { expectedVersion: undefined, position }
    return documentWrite(this.#view, collection, codec, { tenant, key, document, ...versions })
  }

  /** Drops what was put in first. What is being committed can't be read from the store yet, so it stays. */
  #trim(capacity: number): void {
    for (const [id, { state }] of this.#entries) {
      if (this.#entries.size <= capacity) return
      if (state === 'stored') this.#entries.delete(id)
    }
  }
}

/** Characters stand for bytes: it is a bound, not a measurement. */
function averageSize(documents: readonly DocumentWrite[]): number {
  const size = documents.reduce((sum, { document }) => sum + (document?.length ?? 0), 0)
  return Math.max(1, size / documents.length)
}
