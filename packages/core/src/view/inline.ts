import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { LogFeed } from '../log/feed.ts'
import {
  firstChosenVersion,
  mainBranch,
  type AppendRequest,
  type DocumentWrite,
  type StreamAppend,
} from '../log/port.ts'
import { pendingRows } from '../log/rows.ts'
import type { Documents } from '../log/store.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { DocumentCache, documentId } from './cache.ts'
import type { View } from './view.ts'

const cachedDocuments = 10_000

interface InlineView {
  readonly view: View
  readonly collection: string
  readonly cache: DocumentCache
}

interface Folded {
  readonly inline: InlineView
  readonly key: string
  readonly readVersion: number
  document: unknown
}

/**
 * Folds events into inline views before they are appended; the documents travel with the append and are written if they
 * are still as they were read. An append folds on top of what the ones before it in the queue have folded, so that many
 * appends to one document fit into one flush; if one of them fails, those behind it are folded anew.
 */
export class InlineViews {
  readonly #byType = new Map<string, InlineView[]>()
  readonly #byCollection = new Map<string, InlineView>()
  readonly #documents: Documents
  readonly #codec: PayloadCodec
  readonly #feed: LogFeed

  constructor(
    views: readonly { view: View; collection: string }[],
    documents: Documents,
    codec: PayloadCodec,
    feed: LogFeed,
  ) {
    this.#documents = documents
    this.#codec = codec
    this.#feed = feed
    for (const { view, collection } of views) {
      const inline = { view, collection, cache: new DocumentCache() }
      this.#byCollection.set(collection, inline)
      for (const { type } of view.events) this.#byType.set(type, [...(this.#byType.get(type) ?? []), inline])
    }
  }

  takesPartIn(streams: readonly StreamAppend[]): boolean {
    return (
      this.#byType.size > 0 && streams.some(({ events }) => events.some(({ type }) => this.#byType.has(type)))
    )
  }

  /** The documents to write with the request; every expected revision is a number. */
  async fold(request: AppendRequest): Promise<readonly DocumentWrite[]> {
    const facts = [...pendingRows(request)].map((row) => this.#feed.decode(row))
    // All that has to be read is read first: from here to the end nothing else folds in between.
    await this.#load(request.tenant, facts)
    const folded = new Map<string, Folded>()
    for (const fact of facts) {
      for (const inline of this.#byType.get(fact.type) ?? []) {
        for (const key of guarded(inline.view, fact, () => inline.view.keysOf(fact)))
          this.#foldOne(folded, inline, fact, key)
      }
    }
    return [...folded.values()].map((entry) => this.#write(request.tenant, entry))
  }

  /** Keeps what was written, forgets what wasn't. */
  settled(documents: readonly DocumentWrite[], isRecorded: boolean): void {
    for (const { collection, tenant, key } of documents) {
      const cache = this.#byCollection.get(collection)?.cache
      if (isRecorded) cache?.trim(cachedDocuments)
      else cache?.delete(documentId(tenant, key))
    }
  }

  #foldOne(folded: Map<string, Folded>, inline: InlineView, fact: RecordedEvent, key: string): void {
    const id = documentId(fact.tenant, key)
    const known = inline.cache.get(id) ?? { document: null, version: 0 }
    const name = `${inline.collection}\u0000${id}`
    const before = folded.get(name)
    const base = before === undefined ? known.document : before.document
    const document = guarded(
      inline.view,
      fact,
      () => inline.view.fold(base ?? inline.view.initial(key), fact, key) ?? null,
    )
    if (before === undefined) folded.set(name, { inline, key, readVersion: known.version, document })
    else before.document = document
  }

  #write(tenant: string, { inline, key, readVersion, document }: Folded): DocumentWrite {
    const id = documentId(tenant, key)
    // What the next append of this process folds on, before this one is recorded. The version is this fold's alone: were
    // it counted, the write of another process could pass for the one that the next append was folded on.
    const version =
      firstChosenVersion + Math.floor(Math.random() * (Number.MAX_SAFE_INTEGER - firstChosenVersion))
    inline.cache.set(id, { document, version: document === null ? 0 : version })
    return {
      collection: inline.collection,
      tenant,
      branch: mainBranch,
      key,
      document: document === null ? null : this.#codec.encode('document', inline.view.name, 1, document),
      expectedVersion: readVersion,
      version,
      position: undefined,
    }
  }

  async #load(tenant: string, facts: readonly RecordedEvent[]): Promise<void> {
    const missing = new Map<InlineView, Set<string>>()
    for (const fact of facts) {
      for (const inline of this.#byType.get(fact.type) ?? []) {
        for (const key of guarded(inline.view, fact, () => inline.view.keysOf(fact))) {
          if (inline.cache.get(documentId(tenant, key)) !== undefined) continue
          missing.set(inline, (missing.get(inline) ?? new Set()).add(key))
        }
      }
    }
    for (const [inline, wanted] of missing) {
      const keys = [...wanted]
      const rows = await this.#documents.get(inline.collection, mainBranch, tenant, keys)
      for (const [index, key] of keys.entries()) {
        const id = documentId(tenant, key)
        // Another append may have folded it while we were reading: that one is newer.
        if (inline.cache.get(id) !== undefined) continue
        const row = rows[index]
        const document =
          row === undefined ? null : this.#codec.decode('document', inline.view.name, 1, row.document)
        inline.cache.set(id, { document, version: row?.version ?? 0 })
      }
    }
  }
}

/** An inline view that can't fold an event refuses it: the two are recorded together or not at all. */
function guarded<T>(view: View, fact: RecordedEvent, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const message = `Inline view ${view.name} could not fold ${fact.type}: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new HeadwaterError('subscription.vetoed', message, { cause, details: { view: view.name } })
  }
}
