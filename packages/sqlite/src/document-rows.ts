import type { DocumentRow, Scalar } from '@headwater/core'
import type { Select } from './document-query.ts'
import { encoded } from './reader.ts'
import type { Statements } from './statements.ts'

/** A document as it is selected; of a walk, one that doesn't match comes without itself. */
export type Columns<Document = string | Buffer> = [
  key: string,
  document: Document,
  position: number,
  version: number,
  ...sorted: (string | null)[],
]

/** Runs the statements of a page, one after the other, until there are so many rows. */
export function selectRows<Row>(
  statements: Statements<Row>,
  selects: readonly Select[],
  count: number,
): readonly Row[] {
  const rows: Row[] = []
  for (const { sql, parameters } of selects) {
    const missing = count - rows.length
    if (missing <= 0) break
    rows.push(...statements.get(sql).all(...parameters, missing))
  }
  return rows
}

export function documentRow([key, document, position, version]: Columns): DocumentRow {
  return { key, document: encoded(document), position, version }
}

/** The values by which the page was sorted, then the key. An array or an object counts as its text. */
export function placeOf([key, , , , ...sorted]: Columns<unknown>): readonly Scalar[] {
  const values = sorted.map((text): Scalar => {
    const value: unknown = text === null ? null : JSON.parse(text)
    return typeof value === 'object' && value !== null ? text : (value as Scalar)
  })
  return [...values, key]
}
