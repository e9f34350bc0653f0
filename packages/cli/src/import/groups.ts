import { describeIssue, HeadwaterError, type Issue, type Schema } from '@headwater/core'
import type { ImportMap } from './map.ts'
import type { SourceRecord } from './source.ts'

export interface RefusedLine {
  readonly line: number
  /** Where more than one line is meant: the last of them. */
  readonly lastLine?: number
  readonly code: string
  readonly reason: string
  /** The value of the field that lines are grouped by. */
  readonly group?: string
}

/** Rows that belong together, as the map's schema reads them. */
export interface RowGroup {
  readonly key: string | undefined
  readonly rows: readonly unknown[]
  /** Where each row is from. */
  readonly lines: readonly number[]
  /** The lines that are no rows. */
  readonly faults: readonly RefusedLine[]
}

/** A group is held in memory, so a field that never changes would hold the file. */
const largestGroup = 100_000

/**
 * Gathers consecutive records with the same value of the map's `groupBy`. Only rows that are in order begin a group:
 * a faulty line among the rows of one does not tear it in two.
 */
export async function* groupsOf(
  batches: AsyncIterable<readonly SourceRecord[]>,
  map: Pick<ImportMap, 'row' | 'groupBy'>,
): AsyncGenerator<RowGroup> {
  let open: OpenGroup | undefined
  for await (const batch of batches) {
    for (const record of batch) {
      const key = keyOf(record, map.groupBy)
      const read = readRow(record, map.row, key)
      if (read.fault !== undefined) {
        open ??= new OpenGroup(key)
        open.note(read.fault)
        continue
      }
      if (open === undefined || key === undefined || key !== open.key) {
        if (open !== undefined) yield* open.close()
        open = new OpenGroup(key)
      }
      open.add(read.row, record.line)
    }
  }
  if (open !== undefined) yield* open.close()
}

class OpenGroup {
  readonly key: string | undefined
  readonly #rows: unknown[] = []
  readonly #lines: number[] = []
  readonly #faults: RefusedLine[] = []
  /** Faulty lines that may or may not belong here: they do if they say so, or if the group goes on after them. */
  #unclear: RefusedLine[] = []

  constructor(key: string | undefined) {
    this.key = key
  }

  add(row: unknown, line: number): void {
    if (this.#lines.length >= largestGroup) {
      throw new HeadwaterError(
        'import.failed',
        `More than ${largestGroup} lines in one group, up to line ${line}`,
      )
    }
    this.#faults.push(...this.#unclear)
    this.#unclear = []
    this.#rows.push(row)
    this.#lines.push(line)
  }

  note(fault: RefusedLine): void {
    if (this.key !== undefined && fault.group === this.key) this.#faults.push(fault)
    else this.#unclear.push(fault)
  }

  *close(): Generator<RowGroup> {
    if (this.#lines.length + this.#faults.length > 0) {
      yield { key: this.key, rows: this.#rows, lines: this.#lines, faults: this.#faults }
    }
    if (this.#unclear.length > 0) yield { key: undefined, rows: [], lines: [], faults: this.#unclear }
  }
}

type ReadRow = { readonly row: unknown; readonly fault?: undefined } | { readonly fault: RefusedLine }

function readRow({ line, value, fault }: SourceRecord, schema: Schema, key: string | undefined): ReadRow {
  const refused = (code: string, reason: string): ReadRow => ({
    fault: { line, code, reason, ...(key !== undefined && { group: key }) },
  })
  if (value === undefined || fault !== undefined) return refused('line.malformed', fault ?? 'can not be read')
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) {
    // Zod's schemas try again asynchronously when one throws: that it fails again is no news.
    void Promise.allSettled([result])
    throw new HeadwaterError(
      'schema.asynchronous',
      "The schema of the import map's rows validates asynchronously, or throws",
    )
  }
  if (result.issues === undefined) return { row: result.value }
  const reasons = result.issues.map((issue) =>
    describeIssue({ path: pathOf(issue.path), message: issue.message }),
  )
  return refused('row.invalid', reasons.join('; '))
}

function keyOf({ value }: SourceRecord, groupBy: string | undefined): string | undefined {
  const key = groupBy === undefined ? undefined : value?.[groupBy]
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined
}

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): Issue['path'] {
  return (path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment
    return typeof key === 'number' ? key : String(key)
  })
}
