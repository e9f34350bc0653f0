import type { HistorySource } from '../amend/followed-history.ts'
import type { Clock } from '../log/clock.ts'
import type { DocumentWrite } from '../log/port.ts'
import type { Documents } from '../log/store.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { ErrorHook } from '../process/mediator.ts'
import type { Fence } from '../process/work.ts'
import type { Refolding } from './refold.ts'

// Larger pages outlive the young generation of the heap, and cost more than they save.
export const pageSize = 256

/** What documents are folded from, and where they go. */
export interface ViewParts {
  /** The name of the processor: the view's, or of a version that is being built `<view>@<version>`. */
  readonly processor: string
  readonly collection: string
  readonly documents: Pick<Documents, 'get'>
  /** What amended documents are folded anew from. */
  readonly source: HistorySource
  /** How, where there is a quicker way than to read the log. @param whole that one */
  readonly refolding?: (whole: Refolding) => Refolding
  /** The documents that it begins with show no amendment beyond this position, so that each can be undone. Default: any. */
  readonly amendedTo?: number
  readonly codec: PayloadCodec
  readonly onError: ErrorHook
  readonly clock: Clock
  /** What one commit holds at most, where it is less than usual. */
  readonly largestCommit?: { readonly documents: number; readonly bytes: number }
  /** `build`: others are served meanwhile, and come first. Default `live`. */
  readonly pace?: 'live' | 'build'
  /** Writes documents ahead of the checkpoint, where a build may. */
  readonly commitAhead?: (fence: Fence, documents: readonly DocumentWrite[]) => Promise<void>
  /** The documents are in another database: they are committed before Headwater's own store hears of it. */
  readonly isElsewhere?: boolean
}
