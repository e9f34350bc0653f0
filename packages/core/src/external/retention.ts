import type { Clock } from '../log/clock.ts'
import type { ExternalJournal } from '../log/external-journal.ts'
import { mainBranch } from '../log/port.ts'
import { isHeadwaterError } from '../message/errors.ts'
import type { AnyExternal } from '../message/external.ts'

export interface RetentionParts {
  readonly journal: ExternalJournal
  readonly clock: Clock
  readonly closing: AbortSignal
  readonly onError: (error: unknown) => void
}

const hour = 3_600_000
/** So many calls are looked at in one transaction. */
const step = 500

/** Forgets calls that are older than their externals are kept for: at the start, and every hour, in small steps. */
export class Retention {
  readonly #kept: readonly { readonly external: string; readonly keepFor: number }[]
  readonly #parts: RetentionParts
  #isRunning = false

  constructor(externals: Iterable<AnyExternal>, parts: RetentionParts) {
    this.#kept = [...externals].flatMap(({ type, keepFor }) => {
      return keepFor === undefined ? [] : [{ external: type, keepFor }]
    })
    this.#parts = parts
  }

  run(): void {
    if (this.#kept.length === 0) return
    const { clock, closing } = this.#parts
    const begin = (): void => {
      if (!this.#isRunning) void this.#round()
    }
    const stop = clock.every(hour, begin)
    closing.addEventListener('abort', stop, { once: true })
    begin()
  }

  async #round(): Promise<void> {
    const { journal, clock, closing, onError } = this.#parts
    this.#isRunning = true
    try {
      for (const { external, keepFor } of this.#kept) {
        const before = clock.now() - keepFor
        while (!closing.aborted)
          if ((await journal.prune({ branch: mainBranch, external, before, limit: step })) === 0) break
      }
    } catch (error) {
      if (!isHeadwaterError(error, 'log.closed')) onError(error)
    } finally {
      this.#isRunning = false
    }
  }
}
