import type { Database, Statement } from './database.ts'
import { statementsOf } from './sql.ts'

/**
 * Which ranges of positions hold events of a type: an index of types that costs an append next to nothing, one row for
 * each type and thousand positions. A search for a type leaps over the ranges that don't hold it and scans the others.
 * A range may be listed although its events were taken back; none that holds an event is missing.
 */
export const rangeSize = 1024

export function rangeOf(position: number): number {
  return Math.floor((position - 1) / rangeSize)
}

const sql = statementsOf('type-ranges')

export class TypeRanges {
  readonly #next: Statement<[number, string, number], number | null>

  constructor(database: Database) {
    this.#next = database.prepare<[number, string, number], number | null>(sql('next')).pluck()
  }

  /** From here on an event of one of the types may come, at the position after; undefined: not up to now. */
  leap(branch: number, types: readonly string[], after: number): number | undefined {
    let nearest: number | undefined
    for (const type of types) {
      const range = this.#next.get(branch, type, rangeOf(after + 1))
      if (typeof range === 'number' && (nearest === undefined || range < nearest)) nearest = range
    }
    return nearest === undefined ? undefined : Math.max(after, nearest * rangeSize)
  }
}
