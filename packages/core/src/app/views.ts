import { HeadwaterError } from '../message/errors.ts'
import { jsonCodec, type PayloadCodec } from '../message/codec.ts'
import { sqlOf } from '../handle/gathering.ts'
import { memoryStore } from '../log/memory/store.ts'
import type { ProcessorHandle } from '../process/processor.ts'
import type { RunnerParts } from '../process/runner.ts'
import { documentsOf } from '../view/elsewhere.ts'
import type { ViewHost } from '../view/host.ts'
import { LiveView } from '../view/live.ts'
import type { SqlProjection } from '../view/sql-projection.ts'
import type { ReadOptions, ViewReader, ViewSummary } from '../view/reader.ts'
import type { ViewVersionsHandle } from '../view/rebuild.ts'
import { StoredViewReader } from '../view/stored-reader.ts'
import type { VersionedViews } from '../view/versioned-views.ts'
import type { View } from '../view/view.ts'
import type { ViewHistory } from '../time/view-history/view-history.ts'
import type { ViewHistories } from '../time/view-history/view-histories.ts'

/** What is kept in tables is read by SQL, in code or by a query, and has no documents. */
class TablesReader implements ViewReader<unknown> {
  readonly #view: string

  constructor(view: string) {
    this.#view = view
  }

  async get(): Promise<never> {
    throw this.#refusal()
  }

  async list(): Promise<never> {
    throw this.#refusal()
  }

  // oxlint-disable-next-line require-yield -- there is nothing to give
  async *all(): AsyncGenerator<never> {
    throw this.#refusal()
  }

  #refusal(): HeadwaterError {
    return new HeadwaterError(
      'view.in-tables',
      `View ${this.#view} is kept in tables, and has no documents`,
      {
        details: { view: this.#view },
      },
    )
  }
}
const codeStates = { same: 'same', changed: 'changed', replaced: 'superseded', none: null } as const

/** All views of an app that runs, whatever their lifecycle: their readers, processors and versions. */
export class Views {
  readonly #views: readonly View[]
  readonly #versioned: VersionedViews
  readonly #histories: ViewHistories
  readonly #readers = new Map<string, ViewReader<unknown>>()
  readonly #parts: RunnerParts

  constructor(
    views: readonly View[],
    versioned: VersionedViews,
    histories: ViewHistories,
    codec: PayloadCodec,
    parts: RunnerParts,
  ) {
    this.#views = views
    this.#versioned = versioned
    this.#histories = histories
    this.#parts = parts
    for (const view of views) {
      const host = versioned.host(view.name)
      const now = host === undefined ? liveReader(view, parts) : storedReader(host, codec, versioned, parts)
      this.#readers.set(view.name, histories.reader(view, now))
    }
  }

  /** @throws HeadwaterError `view.unknown` */
  reader(name: string): ViewReader<unknown> {
    const known = this.#readers.get(name)
    if (known === undefined) throw unknownView(name)
    return known
  }

  /** How a view's documents stood; undefined: it has none. */
  history(name: string): ViewHistory | undefined {
    return this.#histories.find(name)
  }

  /** Whether an event of a key up to a position could not be folded, and waits in the version that is read. */
  async waits(view: string, tenant: string, key: string, position: number): Promise<boolean> {
    const processor = this.#versioned.host(view)?.processor
    const [first] = (await processor?.parked.list({ tenant, sequence: key, limit: 1 })) ?? []
    return first !== undefined && first.position <= position
  }

  /**
   * The tables of a view, to be read.
   *
   * @throws HeadwaterError `view.unknown`, `view.wait-timeout`
   */
  async tables<Reader>(
    view: string,
    projection: SqlProjection<Reader>,
    options: ReadOptions,
  ): Promise<Reader> {
    const host = this.#versioned.host(view)
    if (host === undefined) throw unknownView(view)
    await host.reach(options.waitFor ?? 0, options)
    return projection.tables.reader(host.collection, sqlOf(this.#parts.store.sql, view))
  }

  /** @throws HeadwaterError `view.unknown`, `view.not-stored` */
  versions(name: string): ViewVersionsHandle {
    const view = this.#views.find((one) => one.name === name)
    if (view === undefined) throw unknownView(name)
    return this.#versioned.handle(view)
  }

  async close(): Promise<void> {
    await this.#histories.stop()
    await this.#versioned.close()
  }

  /** Of the views that a processor feeds. */
  get processors(): readonly ProcessorHandle[] {
    return this.#views.flatMap(({ name }) => this.#versioned.host(name)?.processor ?? [])
  }

  summaries(): Promise<readonly ViewSummary[]> {
    return Promise.all(this.#views.map((view) => this.#summary(view)))
  }

  async #summary(view: View): Promise<ViewSummary> {
    const host = this.#versioned.host(view.name)
    const summary = await host?.summary()
    const head = this.#parts.feed.head
    const { position, lag } = summary ?? { position: head, lag: { seconds: 0 } }
    return {
      name: view.name,
      lifecycle: view.lifecycle,
      events: view.events.map(({ type }) => type),
      indexes: view.indexes,
      search: view.search,
      position,
      lag: { events: Math.max(0, head - position), seconds: lag.seconds },
      version: host?.role.current?.version ?? null,
      code: host === undefined ? null : codeStates[host.role.state],
      rebuild: host === undefined ? null : await this.#versioned.building(host),
    }
  }
}

function liveReader(view: View, parts: RunnerParts): ViewReader<unknown> {
  const memory = memoryStore()
  const collection = `${view.name}@live`
  const live = new LiveView(view, collection, memory, parts)
  const source = {
    collection: () => collection,
    reach: () => live.catchUp(),
    refresh: async () => undefined,
  }
  return new StoredViewReader(view, source, memory.documents, jsonCodec)
}

function storedReader(
  host: ViewHost,
  codec: PayloadCodec,
  versioned: VersionedViews,
  { store }: RunnerParts,
): ViewReader<unknown> {
  const source = {
    collection: () => host.collection,
    reach: (position: number, options: ReadOptions) => host.reach(position, options),
    refresh: () => versioned.refresh(),
  }
  if (host.view.sql !== undefined) return new TablesReader(host.view.name)
  const { database } = host.view
  const documents = database === undefined ? store.documents : documentsOf(versioned.databases.open(database))
  return new StoredViewReader(host.view, source, documents, codec)
}

/** @throws HeadwaterError `view.unknown` */
function unknownView(name: string): HeadwaterError {
  return new HeadwaterError('view.unknown', `There is no view named ${name}`, { details: { view: name } })
}
