import type { SlotRange } from '../log/slots.ts'

/** Since when nobody has a partition: one that whoever should have it does not take is taken by anybody in the end. */
export class Vacancies {
  readonly #patience: number
  /** Epoch milliseconds, by the first slot. */
  readonly #since = new Map<number, number>()

  /** @param patience milliseconds */
  constructor(patience: number) {
    this.#patience = patience
  }

  longVacant<Range extends SlotRange>(
    partitions: readonly { readonly range: Range; readonly owner: string | undefined }[],
    now: number,
  ): readonly Range[] {
    return partitions.flatMap(({ range, owner }) => {
      if (owner !== undefined) {
        this.#since.delete(range.first)
        return []
      }
      const since = this.#since.get(range.first)
      if (since === undefined) this.#since.set(range.first, now)
      return since !== undefined && now - since > this.#patience ? [range] : []
    })
  }
}
