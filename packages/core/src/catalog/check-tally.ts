import type { CheckedPage } from './check.ts'

/** How many of a type and a version were recorded, and how many of them don't fit. */
export interface CheckedCount {
  readonly kind: 'event' | 'command'
  readonly type: string
  readonly version: number
  count: number
  misfits: number
}

/** Adds up the pages of a check. */
export class CheckTally {
  readonly #counts = new Map<string, CheckedCount>()

  add({ kind, checked, misfits }: CheckedPage): void {
    for (const { type, version } of checked) this.#of(kind, type, version).count += 1
    for (const { type, version } of misfits) this.#of(kind, type, version).misfits += 1
  }

  /** Events before commands, by type and version. */
  get counts(): readonly CheckedCount[] {
    return [...this.#counts.values()].sort(
      (one, other) =>
        compare(other.kind, one.kind) || compare(one.type, other.type) || one.version - other.version,
    )
  }

  get misfits(): number {
    return this.counts.reduce((sum, { misfits }) => sum + misfits, 0)
  }

  #of(kind: 'event' | 'command', type: string, version: number): CheckedCount {
    const key = `${kind} ${type} ${version}`
    let count = this.#counts.get(key)
    if (count === undefined) this.#counts.set(key, (count = { kind, type, version, count: 0, misfits: 0 }))
    return count
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
