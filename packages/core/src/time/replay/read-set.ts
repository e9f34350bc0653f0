import type { Slot } from '../../amend/place.ts'
import type { Reads } from '../../handle/answers.ts'
import type { CommandRow } from '../../log/store.ts'
import { isHeadwaterError } from '../../message/errors.ts'
import { periodAt } from '../../decide/rule.ts'
import { ruleRead } from '../../decide/rule-book.ts'
import type { DirtyStreams } from './dirty-streams.ts'
import { nowOf } from './logged-commands.ts'
import type { ReplayParts } from './parts.ts'
import type { ReplayCause } from './report.ts'

/** Looks at what commands read: whether any of it is another one now. */
export class ReadSets {
  readonly #parts: Pick<ReplayParts, 'routes' | 'namedRules' | 'store'> & { readonly tenant: string }
  readonly #streams: DirtyStreams

  constructor(
    parts: Pick<ReplayParts, 'routes' | 'namedRules' | 'store'> & { readonly tenant: string },
    streams: DirtyStreams,
  ) {
    this.#parts = parts
    this.#streams = streams
  }

  /** What makes a command's read set dirty; undefined: it is clean. Answers from the outside are journaled, and stay. */
  async dirtyBy(row: CommandRow, reads: Reads, slot: Slot): Promise<ReplayCause | undefined> {
    const aggregate = this.#parts.routes.get(row.type)?.aggregate
    for (const [stream, revision] of aggregate === undefined ? [] : (reads.streams ?? [])) {
      if (aggregate !== undefined && (await this.#streams.isDirty(aggregate, stream, revision, slot)))
        return { kind: 'state', stream }
    }
    if (reads.rules === undefined) return undefined
    const now = await nowOf(this.#parts.store.log, row, reads)
    const other = reads.rules.find(([rule]) => !this.#isInForce(rule, reads, now))
    return other && { kind: 'rule', rule: other[0] }
  }

  /** Of one that was asked for as of another time nothing is known: deciding again does no harm. */
  #isInForce(name: string, { rules = [] }: Reads, now: number): boolean {
    const rule = this.#parts.namedRules.get(name)
    if (rule === undefined) return false
    try {
      const [, from, fingerprint] = ruleRead(name, periodAt(rule, now, this.#parts.tenant))
      return rules.some((read) => read[0] === name && read[1] === from && read[2] === fingerprint)
    } catch (error) {
      if (isHeadwaterError(error, 'rule.not-in-force')) return false
      throw error
    }
  }
}
