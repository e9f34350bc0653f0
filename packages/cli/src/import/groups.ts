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

/** Gathers consecutive records with the same value of the map's `groupBy`. */
export async function* groupsOf(
  batches: AsyncIterable<readonly SourceRecord[]>,
  map: Pick<ImportMap, 'row' | 'groupBy'>,
): AsyncGenerator<RowGroup> {
  let open: OpenGroup | undefined
  for await (const batch of batches) {
    for (const record of batch) {
      const key = keyOf(record, map.groupBy)
      const belongs =
        open !== undefined && (record.value === undefined || (key !== undefined && key === open.key))
      if (open !== undefined && belongs) {
        open.add(record)
        continue
      }
      if (open !== undefined) yield* open.close()
      open = new OpenGroup(key, map.row)
      open.add(record)
    }
  }
  if (open !== undefined) yield* open.close()
}

class OpenGroup {
  readonly key: string | undefined
  readonly #schema: Schema
  readonly #rows: unknown[] = []
  readonly #lines: number[] = []
  readonly #faults: RefusedLine[] = []
  /** Unreadable lines that may or may not belong here: they do if the group goes on after them. */
  #unclear: RefusedLine[] = []

  constructor(key: string | undefined, schema: Schema) {
    this.key = key
    this.#schema = schema
  }

  add(record: SourceRecord): void {
    if (record.value === undefined) {
      this.#unclear.push(this.#refused(record.line, 'line.malformed', record.fault ?? ''))
      return
    }
    this.#faults.push(...this.#unclear)
    this.#unclear = []
    if (this.#lines.length + this.#faults.length > largestGroup) {
      throw new HeadwaterError(
        'import.failed',
        `More than ${largestGroup} lines in one group, up to line ${record.line}`,
      )
    }
    if (record.fault !== undefined)
      this.#faults.push(this.#refused(record.line, 'line.malformed', record.fault))
    else this.#read(record.value, record.line)
  }

  #read(value: unknown, line: number): void {
    const result = this.#schema['~standard'].validate(value)
    if (result instanceof Promise) {
      throw new HeadwaterError(
        'schema.asynchronous',
        "The schema of the import map's rows validates asynchronously",
      )
    }
    if (result.issues === undefined) {
      this.#rows.push(result.value)
      this.#lines.push(line)
      return
    }
    const reasons = result.issues.map((issue) =>
      describeIssue({ path: pathOf(issue.path), message: issue.message }),
    )
    this.#faults.push(this.#refused(line, 'row.invalid', reasons.join('; ')))
  }

  #refused(line: number, code: string, reason: string): RefusedLine {
    return { line, code, reason, ...(this.key !== undefined && { group: this.key }) }
  }

  *close(): Generator<RowGroup> {
    if (this.#lines.length + this.#faults.length > 0) {
      yield { key: this.key, rows: this.#rows, lines: this.#lines, faults: this.#faults }
    }
    if (this.#unclear.length === 0) return
    const faults = this.#unclear.map(({ line, code, reason }) => ({ line, code, reason }))
    yield { key: undefined, rows: [], lines: [], faults }
  }
}

function keyOf({ value }: SourceRecord, groupBy: string | undefined): string | undefined {
  const key = groupBy === undefined ? undefined : value?.[groupBy]
  return key === undefined || key === null ? undefined : String(key)
}

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): Issue['path'] {
  return (path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment
    return typeof key === 'number' ? key : String(key)
  })
}
