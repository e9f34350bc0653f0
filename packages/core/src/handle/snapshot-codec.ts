import type { SnapshotPlan } from '../decide/snapshot-policy.ts'
import type { Encoded, PayloadCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import { lostPart } from '../message/faithful.ts'
import type { StreamState } from './stream-state.ts'

/** What of a stream's state is stored. */
export type KeptState = Pick<StreamState, 'state' | 'latest'>

/** Makes of a state what is stored, and back. */
export class SnapshotCodec {
  readonly #codec: PayloadCodec

  constructor(codec: PayloadCodec) {
    this.#codec = codec
  }

  /**
   * A state that would come back as something else is refused: a date that became a text would be folded on as one.
   *
   * @throws HeadwaterError `snapshot.unfaithful`, `codec.failed`, and what the policy's `write` and `read` throw
   */
  encode(aggregate: string, plan: SnapshotPlan, { state, latest }: KeptState): Encoded {
    const written = plan.write(state)
    const kept = plan.order === 'occurred' ? { state: written, latest } : written
    const encoded = this.#codec.encode('snapshot', aggregate, 1, kept)
    const lost = lostPart(state, this.decode(aggregate, plan, encoded).state)
    if (lost === undefined) return encoded
    throw new HeadwaterError(
      'snapshot.unfaithful',
      `The state of aggregate ${aggregate} does not survive being stored: ${lost}`,
      { details: { aggregate } },
    )
  }

  decode(aggregate: string, plan: SnapshotPlan, encoded: Encoded): KeptState {
    const kept = this.#codec.decode('snapshot', aggregate, 1, encoded)
    if (plan.order === 'recorded') return { state: plan.read(kept) }
    const { state, latest = Number.NEGATIVE_INFINITY } = kept as KeptState
    return { state: plan.read(state), latest }
  }
}
