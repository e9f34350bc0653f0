import type { AppendRequest } from '@headwater/core'
import { mainBranch } from '@headwater/core/port'
import type { Wave } from './wave.ts'

/** Positions in a range, as the database notes which types are in it. */
const size = 1_024

/** In which range of main each type was noted last: what is noted already need not be tried again with every append. */
export class TypeRanges {
  readonly #last = new Map<string, number>()

  /** The range in which the types of all events of a wave are noted; null: there is none. */
  known({ branch, requests }: Wave): number | null {
    if (branch !== mainBranch) return null
    let known: number | null = null
    for (const { streams } of requests) {
      for (const { events } of streams) {
        for (const { type } of events) {
          const range = this.#last.get(type)
          if (range === undefined || (known !== null && range !== known)) return null
          known = range
        }
      }
    }
    return known
  }

  /** Events were recorded from a position on. */
  remember({ branch, streams }: AppendRequest, first: number): void {
    if (branch !== mainBranch) return
    let position = first
    for (const { events } of streams) {
      for (const { type } of events) {
        this.#last.set(type, Math.floor((position - 1) / size))
        position += 1
      }
    }
  }

  forget(): void {
    this.#last.clear()
  }
}
