import type { SequenceKey } from '../log/parking.ts'

/** The sequences of a partition that wait for an operator: their events are parked without being tried. */
export class ParkedSequences {
  #names = new Set<string>()
  /** Those that were added since somebody began to read the others. */
  #added: Set<string> | undefined

  get size(): number {
    return this.#names.size
  }

  add(tenant: string, sequence: string): void {
    const name = nameOf(tenant, sequence)
    this.#names.add(name)
    this.#added?.add(name)
  }

  delete({ tenant, sequence }: SequenceKey): void {
    this.#names.delete(nameOf(tenant, sequence))
  }

  has(tenant: string, sequence: string): boolean {
    return this.#names.size > 0 && this.#names.has(nameOf(tenant, sequence))
  }

  /** Before they are read: what is added from now on may not be among what is read. */
  beginReading(): void {
    this.#added = new Set()
  }

  endReading(read: readonly SequenceKey[]): void {
    this.#names = new Set(this.#added)
    for (const { tenant, sequence } of read) this.#names.add(nameOf(tenant, sequence))
    this.#added = undefined
  }
}

function nameOf(tenant: string, sequence: string): string {
  return `${tenant}\u0000${sequence}`
}
