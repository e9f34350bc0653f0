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
 *
 * @param isSelective whether a filter, looked up in an index, leaves few documents
 */
export function chooseIndex(
  { filters, sort }: Pick<DocumentQuery, 'filters' | 'sort'>,
  table: IndexedTable,
  isSelective: (filter: Filter, index: string) => boolean,
): string | undefined {
  for (const filter of filters) {
    const index = indexOf(table, filter.path)
    if (index !== undefined && filter.operator !== 'ne' && isSelective(filter, index)) return index
  }
  return sort[0] && indexOf(table, sort[0].path)
}

function indexOf({ name, indexes }: IndexedTable, path: string): string | undefined {
  const index = indexNameOf(name, path)
  return indexes.has(index) ? index : undefined
}
