import { HeadwaterError } from '../../message/errors.ts'
import type { DocumentWrite } from '../port.ts'
import type { DocumentPage, DocumentQuery, DocumentRow, Documents, Scalar } from '../store.ts'
import type { Gate } from './gate.ts'
import { passes } from '../filter.ts'
import { comparePlaces, readerOf } from '../scan.ts'

interface StoredDocument {
  readonly row: DocumentRow
  /** Between spaces, one at either end too: ` ada lovelace `. */
  readonly words: string
}

interface Collection {
  /** By branch and tenant, then by key. */
  readonly scopes: Map<string, Map<string, StoredDocument>>
  isSearchable: boolean
}

/** A document and the place where the order puts it: the values of the sort's paths, then the key. */
interface Placed {
  readonly row: DocumentRow
  readonly place: readonly Scalar[]
}

export class MemoryDocuments implements Documents {
  readonly #gate: Gate
  readonly #collections = new Map<string, Collection>()
  /** One for all documents: no key gets a version again. */
  #version = 0

  constructor(gate: Gate) {
    this.#gate = gate
  }

  async define(collection: string, _indexes: readonly string[] = [], isSearchable = false): Promise<void> {
    await this.#gate.pass()
    const known = this.#collections.get(collection)
    if (known === undefined) this.#collections.set(collection, { scopes: new Map(), isSearchable })
    else known.isSearchable ||= isSearchable
  }

  async drop(collection: string): Promise<void> {
    await this.#gate.pass()
    this.#collections.delete(collection)
  }

  async get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<(DocumentRow | undefined)[]> {
    await this.#gate.pass()
    const rows = this.#rows(collection, branch, tenant)
    return keys.map((key) => rows.get(key)?.row)
  }

  async list(query: DocumentQuery): Promise<DocumentPage> {
    await this.#gate.pass()
    const { sort, after, limit } = query
    const matching: Placed[] = []
    if (query.search !== undefined && !this.#known(query.collection).isSearchable)
      throw new HeadwaterError('view.invalid-query', `The collection ${query.collection} is not searchable`)
    const patterns = query.search?.map(
      (word, index, { length }) => ` ${word}${index < length - 1 ? ' ' : ''}`,
    )
    for (const { row, words } of this.#rows(query.collection, query.branch, query.tenant).values()) {
      if (patterns?.every((pattern) => words.includes(pattern)) === false) continue
      const read = readerOf(row)
      if (!query.filters.every((filter) => passes(filter, read(filter.path)))) continue
      matching.push({ row, place: [...sort.map(({ path }) => read(path)), row.key] })
    }
    const ordered = matching
      .filter(({ place }) => after === undefined || comparePlaces(place, after, sort) > 0)
      .sort((one, other) => comparePlaces(one.place, other.place, sort))
    const page = ordered.slice(0, limit)
    return {
      items: page.map(({ row }) => row),
      next: ordered.length > limit ? page.at(-1)?.place : undefined,
    }
  }

  async count(collection: string, branch: number, tenant: string): Promise<number> {
    await this.#gate.pass()
    return this.#rows(collection, branch, tenant).size
  }

  /** Within an append or a commit. @throws HeadwaterError `view.unknown` */
  isAsExpected({ collection, branch, tenant, key, expectedVersion }: DocumentWrite): boolean {
    const version = this.#rows(collection, branch, tenant).get(key)?.row.version ?? 0
    return expectedVersion === undefined || version === expectedVersion
  }

  /** Within an append or a commit. */
  write(
    { collection, branch, tenant, key, document, position, version, words = '' }: DocumentWrite,
    shown: number,
  ): void {
    const rows = this.#rows(collection, branch, tenant)
    if (document === null) {
      rows.delete(key)
      return
    }
    const row = { key, document, position: position ?? shown, version: version ?? ++this.#version }
    const kept = this.#known(collection).isSearchable ? ` ${words} ` : ''
    rows.set(key, { row: Object.freeze(row), words: kept })
  }

  /** Within an append: brings back what is there now. */
  undoOf(writes: readonly DocumentWrite[]): () => void {
    const before = writes.flatMap(({ collection, branch, tenant, key }) => {
      if (!this.#collections.has(collection)) return []
      const rows = this.#rows(collection, branch, tenant)
      return [{ rows, key, row: rows.get(key) }]
    })
    return () => {
      for (const { rows, key, row } of before.reverse()) {
        if (row === undefined) rows.delete(key)
        else rows.set(key, row)
      }
    }
  }

  /** Within a change of branches. */
  forget(branch: number): void {
    for (const { scopes } of this.#collections.values())
      for (const scope of scopes.keys()) if (scope.startsWith(`[${branch},`)) scopes.delete(scope)
  }

  /** @throws HeadwaterError `view.unknown` */
  #rows(collection: string, branch: number, tenant: string): Map<string, StoredDocument> {
    const { scopes } = this.#known(collection)
    const scope = JSON.stringify([branch, tenant])
    let rows = scopes.get(scope)
    if (rows === undefined) scopes.set(scope, (rows = new Map()))
    return rows
  }

  /** @throws HeadwaterError `view.unknown` */
  #known(collection: string): Collection {
    const known = this.#collections.get(collection)
    if (known === undefined)
      throw new HeadwaterError('view.unknown', `No collection ${collection} is defined`)
    return known
  }
}
