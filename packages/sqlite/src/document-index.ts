import type { DocumentQuery, Filter } from '@headwater/core'
import { indexNameOf } from './collection.ts'

export interface IndexedTable {
  readonly name: string
  /** The names of its indexes. */
  readonly indexes: ReadonlySet<string>
}

/** A filter that leaves fewer documents is the way to them, whatever the order: so few are quickly sorted. */
export const fewDocuments = 1_000

/**
 * The index by which a page is read; undefined: SQLite may choose. Without statistics it would rather walk the keys and
 * sort all documents than use one.
 */
export function chooseIndex(
  query: DocumentQuery,
  table: IndexedTable,
  isSelective: IsSelective,
): string | undefined {
  return selectiveIndex(query, table, isSelective) ?? orderIndex(query, table)
}

/** Whether a filter, looked up in an index, leaves few documents. */
export type IsSelective = (filter: Filter, index: string) => boolean

/** The index of a filter that leaves few documents. */
export function selectiveIndex(
  { filters }: Pick<DocumentQuery, 'filters'>,
  table: IndexedTable,
  isSelective: IsSelective,
): string | undefined {
  for (const filter of filters) {
    const index = indexOf(table, filter.path)
    if (index !== undefined && filter.operator !== 'ne' && isSelective(filter, index)) return index
  }
  return undefined
}

/** The index in which documents stand in the order of a sort. */
export function orderIndex(
  { sort: [first] }: Pick<DocumentQuery, 'sort'>,
  table: IndexedTable,
): string | undefined {
  return first && indexOf(table, first.path)
}

/** Whether documents can be read in their order without being sorted: by their keys or by an index. */
export function isInOrder(query: Pick<DocumentQuery, 'sort'>, table: IndexedTable): boolean {
  const [first] = query.sort
  return first === undefined || first.path === '$key' || orderIndex(query, table) !== undefined
}

function indexOf({ name, indexes }: IndexedTable, path: string): string | undefined {
  const index = indexNameOf(name, path)
  return indexes.has(index) ? index : undefined
}
