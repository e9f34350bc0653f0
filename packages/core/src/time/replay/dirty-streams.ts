import { isDeepStrictEqual } from 'node:util'
import type { Slot } from '../../amend/place.ts'
import type { Aggregate } from '../../decide/aggregate.ts'
import type { StreamState } from '../../handle/stream-state.ts'
import { Recent } from '../../log/recent.ts'
import type { AmendedStreams } from './amended-streams.ts'
import { EffectiveFold, type FoldParts, KnownFold } from './folds.ts'

/** So many streams are kept folded; others are folded again when they are read again. */
const mostFolded = 2_000

export interface DirtyParts extends FoldParts {
  readonly amended: AmendedStreams
  readonly tenant: string
}

interface Folds {
  readonly known: KnownFold
  readonly effective: EffectiveFold
  /** Both were the same, behind all that is amended, when so much was said about the stream; undefined: they were not. */
  clean: { readonly version: number; readonly before: number } | undefined
}

/** Compares the states that commands read with those that they would read now. */
export class DirtyStreams {
  readonly #parts: DirtyParts
  readonly #folds = new Recent<Folds>(mostFolded)

  constructor(parts: DirtyParts) {
    this.#parts = parts
  }

  /** Whether a stream's state at a slot is another one than at a revision, with what was known then. */
  async isDirty(aggregate: Aggregate, stream: string, revision: number, slot: Slot): Promise<boolean> {
    const { amended } = this.#parts
    if (!amended.isAmended(stream) || ('isStateless' in aggregate && aggregate.isStateless === true))
      return false
    const folds = this.#foldsOf(aggregate, stream)
    const version = amended.versionOf(stream)
    if (folds.clean?.version === version && revision < folds.clean.before) return false
    await folds.known.advance(revision)
    await folds.effective.advance(slot)
    const isSame = isDeepStrictEqual(folds.known.state, folds.effective.state)
    // From here on nothing makes a difference any more, until more is known to those who decide.
    const isBehindAll = isSame && amended.lastSlotOf(stream) < slot.slot
    folds.clean = isBehindAll ? { version, before: amended.nextSaidIn(stream, revision) } : undefined
    return !isSame
  }

  /** The state of a stream at a slot, and the revision that it had there. */
  async effective(aggregate: Aggregate, stream: string, slot: Slot): Promise<StreamState> {
    const { effective } = this.#foldsOf(aggregate, stream)
    await effective.advance(slot)
    return { state: effective.state, revision: effective.revision }
  }

  /** Where the record of a revision stands in the log; 0: it is the beginning of the stream. */
  async positionOf(aggregate: Aggregate, stream: string, revision: number): Promise<number> {
    const { known } = this.#foldsOf(aggregate, stream)
    await known.advance(revision)
    return known.position
  }

  #foldsOf(aggregate: Aggregate, stream: string): Folds {
    const known = this.#folds.get(stream)
    if (known !== undefined) return known
    const { amended, tenant } = this.#parts
    const of = { aggregate, tenant, stream }
    const overlay = amended.overlayOf(stream)
    const folds: Folds = {
      known: new KnownFold(this.#parts, of),
      effective: new EffectiveFold(this.#parts, of, overlay),
      clean: undefined,
    }
    this.#folds.set(stream, folds)
    return folds
  }
}
