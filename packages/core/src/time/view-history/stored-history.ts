import type { PayloadCodec } from '../../message/codec.ts'
import { type DocumentWrite, mainBranch } from '../../log/port.ts'
import type { DocumentRow, Documents, Filter } from '../../log/store.ts'
import type { View } from '../../view/view.ts'
import { openKey, segmentKey, versionKey } from './keys.ts'
import { restored, type Segment, type Standing, stored, type StoredSegment } from './segment.ts'

/** Segments are read so many at a time. */
const pageSize = 100

/**
 * The history of a view's keys as it is stored: in documents of a collection of its own, so that a store needs nothing
 * new for it.
 */
export class StoredHistory {
  readonly collection: string
  readonly #view: View
  readonly #documents: Documents
  readonly #codec: PayloadCodec

  constructor(view: View, collection: string, documents: Documents, codec: PayloadCodec) {
    this.#view = view
    this.collection = collection
    this.#documents = documents
    this.#codec = codec
  }

  define(): Promise<void> {
    return this.#documents.define(this.collection, [])
  }

  /** Of each key the segment that is not full yet; undefined: the key had no events. */
  async open(tenant: string, keys: readonly string[]): Promise<readonly (Segment | undefined)[]> {
    const rows = await this.#documents.get(this.collection, mainBranch, tenant, keys.map(openKey))
    return rows.map((row) => row && this.#segment(row))
  }

  /** The segment that holds the last event of a key up to a position; undefined: there is none that is full. */
  async fullAt(tenant: string, key: string, position: number): Promise<Segment | undefined> {
    const [last] = await this.#full(tenant, key, { to: position, limit: 1, descending: true })
    return last
  }

  /** The last full segment up to a position before whose end all events had occurred by a time. */
  async fullBy(tenant: string, key: string, to: number, time: number): Promise<Segment | undefined> {
    const filters: Filter[] = [
      { path: 'until', operator: 'lte', value: time },
      { path: 'after.position', operator: 'lte', value: to },
    ]
    const [last] = await this.#full(tenant, key, { to, limit: 1, descending: true, filters })
    return last
  }

  /** The full segments after a position and up to another one in which something had occurred by a time. */
  async *fullBetween(
    tenant: string,
    key: string,
    after: number,
    to: number,
    time: number,
  ): AsyncGenerator<Segment> {
    const filters: Filter[] = [{ path: 'since', operator: 'lte', value: time }]
    for (let from = after + 1; ; ) {
      const page = await this.#full(tenant, key, { from, to, limit: pageSize, filters })
      yield* page
      const first = page.at(-1)?.positions[0]
      if (first === undefined || page.length < pageSize) return
      from = first + 1
    }
  }

  /** The document as it stood; null: there was none. */
  async version(tenant: string, key: string, { position, isGone }: Standing): Promise<unknown> {
    if (isGone) return null
    const keys = [versionKey(key, position)]
    const [row] = await this.#documents.get(this.collection, mainBranch, tenant, keys)
    if (row === undefined)
      throw new Error(`The history of ${this.#view.name} has no version of ${key} at ${position}`)
    return this.#codec.decode('document', this.#view.name, 1, row.document)
  }

  writeOpen(tenant: string, key: string, segment: Segment): DocumentWrite {
    return this.#write(tenant, openKey(key), this.#encode(segment))
  }

  writeFull(tenant: string, key: string, segment: Segment): DocumentWrite {
    return this.#write(tenant, segmentKey(key, segment.positions[0] ?? 0), this.#encode(segment))
  }

  /** Encoded as the view's own documents are: there may be something secret in it. */
  writeVersion(tenant: string, key: string, position: number, document: unknown): DocumentWrite {
    const encoded = this.#codec.encode('document', this.#view.name, 1, document)
    return this.#write(tenant, versionKey(key, position), encoded)
  }

  async #full(
    tenant: string,
    key: string,
    query: {
      readonly from?: number
      readonly to: number
      readonly limit: number
      readonly descending?: boolean
      readonly filters?: readonly Filter[]
    },
  ): Promise<readonly Segment[]> {
    const { from = 0, to, limit, descending = false, filters = [] } = query
    const { items } = await this.#documents.list({
      collection: this.collection,
      branch: mainBranch,
      tenant,
      filters: [
        { path: '$key', operator: 'gte', value: segmentKey(key, from) },
        { path: '$key', operator: 'lte', value: segmentKey(key, Math.min(to, Number.MAX_SAFE_INTEGER)) },
        ...filters,
      ],
      sort: [{ path: '$key', descending }],
      limit,
      after: undefined,
    })
    return items.map((row) => this.#segment(row))
  }

  #segment({ document }: DocumentRow): Segment {
    return restored(this.#codec.decode('document', this.collection, 1, document) as StoredSegment)
  }

  #encode(segment: Segment) {
    return this.#codec.encode('document', this.collection, 1, stored(segment))
  }

  #write(tenant: string, key: string, document: DocumentWrite['document']): DocumentWrite {
    const { collection } = this
    // Whoever writes holds the lease: they are expected at no version.
    return {
      collection,
      tenant,
      branch: mainBranch,
      key,
      document,
      expectedVersion: undefined,
      position: undefined,
    }
  }
}
