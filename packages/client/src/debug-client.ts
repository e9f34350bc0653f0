import type { Transport } from './transport.ts'
import type { Change, Envelope, StreamState } from './wire.ts'

/** Which part of the log a session goes through; default: all of it. */
export interface DebugOptions {
  readonly streams?: readonly string[] | undefined
  readonly types?: readonly string[] | undefined
  /** What belongs together, by the id of an event, a command or a correlation. Not with `streams`. */
  readonly correlation?: string | undefined
  /** The position at which it begins. */
  readonly from?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Something that an event changed: how it was right before, and right after; null: there was nothing. */
export interface Changed {
  readonly before: unknown
  readonly after: unknown
  readonly changed: readonly Change[]
}

/** One event, and all that it changed. */
export interface DebugStep {
  readonly event: Envelope
  readonly aggregate:
    | (Changed & { readonly aggregate: string; readonly stream: StreamState['stream'] })
    | null
  readonly documents: readonly (Changed & { readonly view: string; readonly key: string })[]
  /** What reacted to it when it happened, and does not now. */
  readonly heldBack: readonly {
    readonly subscription: string
    readonly when: 'in-transaction' | 'after-commit' | 'async'
  }[]
}

/** Where a session stands. */
export interface DebugPlace {
  readonly id: string
  /** Of the event at which it stands; 0: before the first one. */
  readonly position: number
  readonly head: number
  /** Null: there was no event to go to. */
  readonly step: DebugStep | null
}

/** One move: an event on, or back; to a position; to an event of a type; until a condition on a state holds. */
export interface DebugMove {
  readonly direction?: 'forward' | 'back' | undefined
  readonly to?: number | undefined
  readonly type?: string | undefined
  readonly until?:
    | {
        readonly stream?: string | undefined
        readonly path: string
        readonly operator?: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'prefix' | undefined
        readonly value: unknown
      }
    | undefined
}

/** A debugging session of the server. */
export interface DebugClient {
  readonly id: string
  /** Where it stood when it began. */
  readonly begun: DebugPlace
  place(signal?: AbortSignal): Promise<DebugPlace>
  move(move?: DebugMove, signal?: AbortSignal): Promise<DebugPlace>
  end(): Promise<void>
}

export async function beginDebugging(
  { json, call, branch }: Transport,
  { signal, ...body }: DebugOptions = {},
): Promise<DebugClient> {
  const begun = await json<DebugPlace>('/debug', { method: 'POST', query: { branch }, body, signal })
  const path = `/debug/${encodeURIComponent(begun.id)}`
  return {
    id: begun.id,
    begun,
    place: (stop) => json(path, { signal: stop }),
    move: (move = {}, stop) => json(`${path}/step`, { method: 'POST', body: move, signal: stop }),
    end: async () => void (await call(path, { method: 'DELETE' })),
  }
}
