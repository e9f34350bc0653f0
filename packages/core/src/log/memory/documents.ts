import { HeadwaterError } from '../../message/errors.ts'
import type { DocumentWrite } from '../port.ts'
import type { DocumentPage, DocumentQuery, DocumentRow, Documents, Filter, Scalar, Sort } from '../store.ts'
import type { Gate } from './gate.ts'
import { compareScalars, compareText } from './order.ts'

/** A document and the place where the order puts it: the values of the sort's paths, then the key. */
interface Placed {
  readonly row: DocumentRow
  readonly place: readonly Scalar[]
}

export class MemoryDocuments implements Documents {
  readonly #gate: Gate
  /** By collection, then by branch and tenant, then by key. */
  readonly #collections = new Map<string, Map<string, Map<string, DocumentRow>>>()
  /** One for all documents: no key gets a version again. */
  #version = 0

  constructor(gate: Gate) {
    this.#gate = gate
  }

  async define(collection: string): Promise<void> {
    await this.#gate.pass()
    if (!this.#collections.has(collection)) this.#collections.set(collection, new Map())
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
    return keys.map((key) => rows.get(key))
  }

  async list(query: DocumentQuery): Promise<DocumentPage> {
    await this.#gate.pass()
    const { sort, after, limit } = query
    const matching: Placed[] = []
    for (const row of this.#rows(query.collection, query.branch, query.tenant).values()) {
      const read = fieldsOf(row)
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
    const version = this.#rows(collection, branch, tenant).get(key)?.version ?? 0
    return expectedVersion === undefined || version === expectedVersion
  }

  /** Within an append or a commit. */
  write(
    { collection, branch, tenant, key, document, position, version }: DocumentWrite,
    shown: number,
  ): void {
    const rows = this.#rows(collection, branch, tenant)
    if (document === null) rows.delete(key)
    else
      rows.set(
        key,
        Object.freeze({ key, document, position: position ?? shown, version: version ?? ++this.#version }),
      )
  }

  /** @throws HeadwaterError `view.unknown` */
  #rows(collection: string, branch: number, tenant: string): Map<string, DocumentRow> {
    const scopes = this.#collections.get(collection)
    if (scopes === undefined)
      throw new HeadwaterError('view.unknown', `No collection ${collection} is defined`)
    const scope = JSON.stringify([branch, tenant])
    let rows = scopes.get(scope)
    if (rows === undefined) scopes.set(scope, (rows = new Map()))
    return rows
  }
}

/** Reads values of a document by their paths; what no path leads to is null. */
function fieldsOf({ key, document }: DocumentRow): (path: string) => Scalar {
  const root: unknown = typeof document === 'string' ? JSON.parse(document) : null
  return (path) => (path === '$key' ? key : scalarOf(path.split('.').reduce(step, root)))
}

function step(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.entries(value).find(([own]) => own === name)?.[1]
}

function scalarOf(value: unknown): Scalar {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    default:
      return value === undefined || value === null ? null : JSON.stringify(value)
  }
}

function passes({ operator, value: wanted }: Filter, value: Scalar): boolean {
  const candidates = typeof wanted === 'object' && wanted !== null ? wanted : [wanted]
  return candidates.some((candidate) => {
    const comparison = compareScalars(value, candidate)
    const isOrdered = value !== null && candidate !== null
    switch (operator) {
      case 'eq':
      case 'in':
        return comparison === 0
      case 'ne':
        return comparison !== 0
      case 'gt':
        return isOrdered && comparison > 0
      case 'gte':
        return isOrdered && comparison >= 0
      case 'lt':
        return isOrdered && comparison < 0
      case 'lte':
        return isOrdered && comparison <= 0
      case 'prefix':
        return typeof value === 'string' && typeof candidate === 'string' && value.startsWith(candidate)
    }
  })
}

function comparePlaces(one: readonly Scalar[], other: readonly Scalar[], sort: readonly Sort[]): number {
  for (const [index, { descending }] of sort.entries()) {
    const comparison = compareScalars(one[index] ?? null, other[index] ?? null)
    if (comparison !== 0) return descending ? -comparison : comparison
  }
  return compareText(String(one[sort.length]), String(other[sort.length]))
}
