import type { Call, OperationName, Results } from './operations.ts'
import type { Packed } from './pack.ts'
import type { WireError } from './wire-error.ts'

/** What the thread is started with. */
export interface ThreadData {
  readonly path: string
  /** Milliseconds to wait for another process. */
  readonly busyTimeLimit: number
}

export type OtherName = Exclude<OperationName, 'append'>

/** To the thread: calls by a number that the answers repeat, as many as there are; or the last message. */
export type Questions = readonly Question[] | 'close'
export type Question =
  | readonly [id: number, kind: 'append', packed: Packed]
  | readonly [id: number, kind: 'other', call: Call<OtherName>]

/** From the thread: first that it is ready, or why it can't be, and last that the file is closed. */
export type Answers = readonly Answer[] | 'ready' | 'closed' | { readonly failed: WireError }
export type Answer =
  | readonly [id: number, kind: 'appended', packed: Packed]
  | readonly [id: number, kind: 'done', value: Results[OtherName]]
  | readonly [id: number, kind: 'failed', error: WireError]
