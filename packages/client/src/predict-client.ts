import type { BranchDifference } from './branch-wire.ts'
import { type Moment, writtenMoment } from './moment.ts'
import type { Transport } from './transport.ts'

/** A command that nobody has sent. */
export interface SupposedCommand {
  readonly type: string
  readonly data: unknown
  /** When it is sent: not before the one that is sent before it. Default: when that one was. */
  readonly at?: Date | undefined
  readonly id?: string | undefined
  readonly expectedRevision?: number | undefined
}

/** Something that is read of what has come of it. */
export type Look =
  /** A document; without a key the first 1,000 of all. */
  | { readonly view: string; readonly key?: string | undefined }
  /** The state of an aggregate. */
  | { readonly stream: string }
  | { readonly query: string; readonly input?: unknown }

/** What is supposed. */
export interface Hypothesis {
  /** The branch on which it begins. Default: that of the client, or main. */
  readonly from?: string | undefined
  /** A position, or a time up to which everything counts that had been recorded by then. Default: now. */
  readonly at?: Moment | undefined
  /** Up to 1,000. */
  readonly commands?: readonly SupposedCommand[] | undefined
  /** The clock is moved on to this time when all commands were sent. */
  readonly until?: Date | undefined
  /** Up to 20. */
  readonly look?: readonly Look[] | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PredictedOutcome {
  readonly status: 'accepted' | 'rejected'
  readonly commandId: string
  readonly stream: string
  readonly revision: number
  readonly position: number | null
  readonly events: readonly {
    readonly id: string
    readonly type: string
    readonly revision: number
    readonly position: number
  }[]
  /** Why it was rejected. */
  readonly reason?: { readonly code: string; readonly message?: string; readonly data?: unknown }
}

/** What would come of it. */
export interface Prediction {
  /** What the commands came to, in their order. */
  readonly outcomes: readonly PredictedOutcome[]
  /** What differs from what it began on. */
  readonly diff: BranchDifference
  /** What time it was there in the end. */
  readonly now: string
  /**
   * What was looked at, in its order: a document with its key and position, a page of them, a state with its revision, the
   * answer of a query; null where there is none.
   */
  readonly seen: readonly unknown[]
}

export interface PredictingClient {
  /** What would happen if these commands were sent and time went by. Nothing is left of it, and nothing has an effect. */
  predict(hypothesis: Hypothesis): Promise<Prediction>
}

export function createPredictingClient({ json, branch }: Transport): PredictingClient {
  return {
    predict: ({ from = branch, at, commands, until, look, signal }) =>
      json('/predict', {
        method: 'POST',
        body: {
          from,
          at: typeof at === 'number' ? at : writtenMoment(at),
          commands: commands?.map(({ at: time, ...command }) => ({ ...command, at: time?.toISOString() })),
          until: until?.toISOString(),
          look,
        },
        signal,
      }),
  }
}
