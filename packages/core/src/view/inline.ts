import { amendedType, isAmendment } from '../amend/amendment.ts'
import type { HistorySource } from '../amend/followed-history.ts'
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
import type { Documents, Store } from '../log/store.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { DocumentCache, documentId } from './cache.ts'
import { documentWrite } from './document-write.ts'
import { Gate } from './gate.ts'
import { InlineAmendment, typesAmendedBy } from './inline-amendments.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import type { ViewHost } from './host.ts'
import { leftBehind } from './let-go.ts'
import type { StoredVersions, VersionsSnapshot } from './stored-versions.ts'
import { longestFence, typesOf } from './take-over.ts'
import type { View } from './view.ts'

const cachedDocuments = 10_000

interface InlineView {
  readonly host: ViewHost
  readonly view: View
  readonly version: ViewVersion
  readonly cache: DocumentCache
}

/** What appends have to do with the versions of views, at one generation of them. */
interface Targets {
  readonly generation: number
  readonly byType: ReadonlyMap<string, readonly InlineView[]>
  /** Types whose appends wait until a version has taken over, and until when at most. */
  readonly fences: ReadonlyMap<string, number>
  /** Types that an inline view folds which this app doesn't have, and the view's name. */
  readonly foreign: ReadonlyMap<string, string>
}

/** An append with what inline views add to it. */
export type Prepared = Pick<AppendRequest, 'documents' | 'viewGeneration'>

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
 *
 * An append says for which generation of the views' versions it was folded. Where another process has switched a view to
 * another version, it is refused, and folded again into that one.
 */
export class InlineViews {
  readonly #hosts: ReadonlyMap<string, ViewHost>
  readonly #versions: StoredVersions
  readonly #byCollection = new Map<string, InlineView>()
  readonly #documents: Documents
  readonly #codec: PayloadCodec
  readonly #feed: LogFeed
  readonly #source: HistorySource
  readonly #gate = new Gate()
  /** What was prepared of an amendment, until it is recorded or not. */
  #amending: readonly DocumentWrite[] | undefined
  #targets: Targets

  constructor(
    hosts: readonly ViewHost[],
    versions: StoredVersions,
    { documents, log }: Pick<Store, 'documents' | 'log'>,
    codec: PayloadCodec,
    feed: LogFeed,
  ) {
    this.#hosts = new Map(hosts.map((host) => [host.view.name, host]))
    this.#versions = versions
    this.#documents = documents
    this.#codec = codec
    this.#feed = feed
    this.#source = { log, decode: (row) => feed.decode(row) }
    this.#targets = this.#targetsOf(versions.snapshot)
  }

  /** The generation of the views' versions that this process knows. */
  get generation(): number {
    return this.#versions.snapshot.generation
  }

  /** Asks the store for the versions. */
  async refresh(): Promise<void> {
    await this.#versions.refresh()
  }

  takesPartIn(streams: readonly StreamAppend[]): boolean {
    const { byType, fences, foreign } = this.#current()
    if (byType.size + fences.size + foreign.size === 0) return false
    return streams.some(({ events }) =>
      events.some(
        (event) =>
          byType.has(event.type) || fences.has(event.type) || foreign.has(event.type) || isAmendment(event),
      ),
    )
  }

  /**
   * The documents to write with the request; every expected revision is a number.
   *
   * @throws HeadwaterError `subscription.vetoed`, `view.superseded`, `view.not-here`
   */
  async fold(request: AppendRequest): Promise<Prepared> {
    const amends = request.streams.some(({ events }) => events.some(isAmendment))
    if (!amends && this.#gate.isClosed) await this.#gate.pass()
    const prepared = amends ? await this.#amend(request) : await this.#fold(request)
    this.#gate.enter()
    return prepared
  }

  /**
   * Folds documents anew that amendments concern. What takes long is done while others append; then they wait for a moment,
   * so that what came in between is folded too, and nothing comes any more until it is recorded.
   */
  async #amend(request: AppendRequest): Promise<Prepared> {
    const targets = await this.#open(request)
    const types = typesAmendedBy(request, this.#source.decode)
    const concerned = (targets.byType.get(amendedType) ?? []).filter(({ view }) =>
      view.events.some(({ type }) => types.has(type)),
    )
    for (const type of types) {
      const foreign = targets.foreign.get(type)
      if (foreign !== undefined) throw notHere(foreign, type)
    }
    for (const inline of concerned) requireOwnCode(inline)
    const nothing = { documents: [], viewGeneration: targets.generation }
    if (concerned.length === 0) return nothing
    const { position } = await this.#source.log.head(mainBranch)
    const prepared: { inline: InlineView; amendment: InlineAmendment }[] = []
    for (const inline of concerned) {
      const amendment = await InlineAmendment.of(inline.view, request, position, this.#source)
      await amendment.prepare()
      prepared.push({ inline, amendment })
    }
    await this.#gate.close()
    try {
      const documents: DocumentWrite[] = []
      for (const { inline, amendment } of prepared)
        documents.push(...(await this.#amended(request.tenant, inline, amendment)))
      this.#amending = documents
      return { ...nothing, documents }
    } catch (error) {
      this.#gate.open()
      throw error
    }
  }

  /** What is stored is read first, and then all that is recorded: what is written fits to what was read, or is refused. */
  async #amended(tenant: string, inline: InlineView, amendment: InlineAmendment): Promise<DocumentWrite[]> {
    const { view, version, cache } = inline
    const keys = [...amendment.keys]
    const before = keys.flatMap((key) => view.continues?.(key) ?? [])
    const wanted = [...new Set([...keys, ...before])]
    const rows = await this.#documents.get(version.collection, mainBranch, tenant, wanted)
    const { position } = await this.#source.log.head(mainBranch)
    const stored = new Map(
      wanted.map((key, index) => {
        const row = rows[index]
        return [key, row === undefined ? null : this.#codec.decode('document', view.name, 1, row.document)]
      }),
    )
    const changed = await amendment.documents(position, stored).catch((cause: unknown) => {
      throw vetoed(view, 'what the amendment leaves', cause)
    })
    return keys.flatMap((key) => {
      const readVersion = rows[wanted.indexOf(key)]?.version ?? 0
      const document = changed.get(key) ?? null
      cache.delete(documentId(tenant, key))
      if (document === null && readVersion === 0) return []
      return [this.#write(tenant, { inline, key, readVersion, document })]
    })
  }

  async #fold(request: AppendRequest): Promise<Prepared> {
    const targets = await this.#open(request)
    const facts = [...pendingRows(request)].map((row) => this.#feed.decode(row))
    for (const { type } of facts) {
      const foreign = targets.foreign.get(type)
      if (foreign !== undefined) throw notHere(foreign, type)
      for (const inline of targets.byType.get(type) ?? []) requireOwnCode(inline)
    }
    // All that has to be read is read first: from here to the end nothing else folds in between.
    await this.#load(targets, request.tenant, facts)
    const folded = new Map<string, Folded>()
    for (const fact of facts) {
      for (const inline of targets.byType.get(fact.type) ?? []) {
        for (const key of guarded(inline.view, fact, () => inline.view.keysOf(fact)))
          this.#foldOne(folded, inline, fact, key)
      }
    }
    const documents = [...folded.values()].map((entry) => this.#write(request.tenant, entry))
    return { documents, viewGeneration: targets.generation }
  }

  /** Keeps what was written, forgets what wasn't. */
  settled(documents: readonly DocumentWrite[], isRecorded: boolean): void {
    this.#gate.leave()
    if (this.#amending === documents) {
      this.#amending = undefined
      this.#gate.open()
    }
    for (const { collection, tenant, key } of documents) {
      const cache = this.#byCollection.get(collection)?.cache
      if (isRecorded) cache?.trim(cachedDocuments)
      else cache?.delete(documentId(tenant, key))
    }
  }

  /** Waits until the types of the request may be appended; gives what holds then. */
  async #open(request: AppendRequest): Promise<Targets> {
    for (;;) {
      const targets = this.#current()
      const until = longestFenceOf(request, targets)
      if (until === undefined) return targets
      const left = Math.min(longestFence, until - Date.now())
      if (left > 0) await this.#versions.changed(targets.generation, AbortSignal.timeout(left))
      if (this.#current() === targets) await this.#liftFences(until)
    }
  }

  /** Who put them up has died, or is so slow that it will find them gone and try again. */
  async #liftFences(until: number): Promise<void> {
    await this.#versions.change(({ all }) => {
      const fenced = all.filter(({ fencedUntil }) => fencedUntil !== null && fencedUntil <= until)
      return fenced.length === 0 ? undefined : { put: fenced.map((one) => ({ ...one, fencedUntil: null })) }
    })
  }

  #current(): Targets {
    const { snapshot } = this.#versions
    if (snapshot.generation !== this.#targets.generation) this.#targets = this.#targetsOf(snapshot)
    return this.#targets
  }

  #targetsOf(snapshot: VersionsSnapshot): Targets {
    const byType = new Map<string, InlineView[]>()
    const fences = new Map<string, number>()
    const collections = new Set<string>()
    const foreign = new Map<string, string>()
    for (const { view, types } of leftBehind(new Set(this.#hosts.keys()), snapshot))
      for (const type of types) foreign.set(type, view)
    for (const version of snapshot.all) {
      const host = this.#hosts.get(version.view)
      if (version.fencedUntil !== null) {
        for (const type of [...typesOf(snapshot, version.view), amendedType])
          fences.set(type, Math.max(fences.get(type) ?? 0, version.fencedUntil))
      }
      if (host === undefined || version.state !== 'current' || version.lifecycle !== 'inline') continue
      collections.add(version.collection)
      const inline = this.#inlineOf(host, version)
      for (const type of [...host.view.events.map((event) => event.type), amendedType])
        byType.set(type, [...(byType.get(type) ?? []), inline])
    }
    for (const collection of this.#byCollection.keys())
      if (!collections.has(collection)) this.#byCollection.delete(collection)
    return { generation: snapshot.generation, byType, fences, foreign }
  }

  #inlineOf(host: ViewHost, version: ViewVersion): InlineView {
    const known = this.#byCollection.get(version.collection)
    const inline = { host, view: host.view, version, cache: known?.cache ?? new DocumentCache() }
    this.#byCollection.set(version.collection, inline)
    return inline
  }

  #foldOne(folded: Map<string, Folded>, inline: InlineView, fact: RecordedEvent, key: string): void {
    const id = documentId(fact.tenant, key)
    const known = inline.cache.get(id) ?? { document: null, version: 0 }
    const name = `${inline.version.collection}\u0000${id}`
    const before = folded.get(name)
    const base = before === undefined ? known.document : before.document
    const document = guarded(
      inline.view,
      fact,
      () => inline.view.fold(base ?? initialOf(folded, inline, fact.tenant, key), fact, key) ?? null,
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
    const versions = { expectedVersion: readVersion, version, position: undefined }
    return documentWrite(inline.view, inline.version.collection, this.#codec, {
      tenant,
      key,
      document,
      ...versions,
    })
  }

  async #load(targets: Targets, tenant: string, facts: readonly RecordedEvent[]): Promise<void> {
    const missing = new Map<InlineView, Set<string>>()
    for (const fact of facts) {
      for (const inline of targets.byType.get(fact.type) ?? []) {
        const keys = guarded(inline.view, fact, () => inline.view.keysOf(fact))
        for (const key of keys.flatMap((own) => [own, inline.view.continues?.(own) ?? own])) {
          if (inline.cache.get(documentId(tenant, key)) !== undefined) continue
          missing.set(inline, (missing.get(inline) ?? new Set()).add(key))
        }
      }
    }
    for (const [inline, wanted] of missing) {
      const keys = [...wanted]
      const rows = await this.#documents.get(inline.version.collection, mainBranch, tenant, keys)
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

function notHere(view: string, type: string): HeadwaterError {
  return new HeadwaterError(
    'view.not-here',
    `The inline view ${view} folds ${type} with its append, and this app does not have it`,
    { details: { view, type } },
  )
}

/** What a document begins with: of one that goes on from another, as that one is now. */
function initialOf(
  folded: ReadonlyMap<string, Folded>,
  { view, version, cache }: InlineView,
  tenant: string,
  key: string,
): unknown {
  const before = view.continues?.(key)
  if (before === undefined) return view.initial(key)
  const id = documentId(tenant, before)
  const changed = folded.get(`${version.collection}\u0000${id}`)
  const document = changed === undefined ? cache.get(id)?.document : changed.document
  return view.initial(key, document ?? undefined)
}

/** @throws HeadwaterError `view.superseded` */
function requireOwnCode({ host, view, version }: InlineView): void {
  if (host.role.mayFeed) return
  throw new HeadwaterError(
    'view.superseded',
    `Version ${version.version} of the inline view ${view.name} was made by other code: it folds this append, not this process`,
    { details: { view: view.name, version: version.version } },
  )
}

/** An inline view that can't fold an event refuses it: the two are recorded together or not at all. */
function guarded<T>(view: View, fact: RecordedEvent, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw vetoed(view, fact.type, cause)
  }
}

function vetoed(view: View, what: string, cause: unknown): HeadwaterError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `Inline view ${view.name} could not fold ${what}: ${why}`
  return new HeadwaterError('subscription.vetoed', message, { cause, details: { view: view.name } })
}

function longestFenceOf({ streams }: AppendRequest, { fences }: Targets): number | undefined {
  if (fences.size === 0) return undefined
  const found = streams.flatMap(({ events }) => events.flatMap(({ type }) => fences.get(type) ?? []))
  return found.length === 0 ? undefined : Math.max(...found)
}
