import type { Document } from '@headwater/client'
import { isObject } from '../../format/json.ts'

export interface Column {
  readonly field: string
  /** Numbers are set to the right, so that their digits stand under each other. */
  readonly numeric: boolean
  /** The field repeats the key in every document: it takes the key's place. */
  readonly isKey: boolean
}

/** The fields of these documents, in the order in which they first appear. */
export function columnsOf(documents: readonly Document[]): Column[] {
  const values = new Map<string, unknown[]>()
  for (const { doc } of documents) {
    if (!isObject(doc)) continue
    for (const [field, value] of Object.entries(doc)) {
      const known = values.get(field)
      if (known) known.push(value)
      else values.set(field, [value])
    }
  }
  const keyField = [...values.keys()].find((field) =>
    documents.every(({ key, doc }) => isObject(doc) && doc[field] === key),
  )
  const columns = [...values].map(([field, all]) => ({
    field,
    numeric:
      all.some((value) => typeof value === 'number') &&
      all.every((value) => typeof value === 'number' || value === null),
    isKey: field === keyField,
  }))
  return columns.sort((a, b) => Number(b.isKey) - Number(a.isKey))
}
