import type { Store } from '../log/store.ts'
import { attach, detach, type DetachOptions } from './detach.ts'
import type { SegmentFile } from './file.ts'
import { type Along, segmentRows } from './read.ts'
import { seal, type SealOptions } from './seal.ts'
import { infoOf, type SegmentFinding, type SegmentInfo } from './summary.ts'
import { verify } from './verify.ts'

/** Old parts of the log, of all tenants: sealed so that nobody changes them unnoticed. Branches have none of their own. */
export interface SegmentsHandle {
  /** The sealed segments, from the beginning of the log. */
  list(): AsyncIterable<SegmentInfo>
  /**
   * Seals what has become old enough to fill segments, one after the other, and gives each. Appends go on beside it.
   *
   * @throws HeadwaterError `segment.invalid-size`
   */
  seal(options?: SealOptions): AsyncIterable<SegmentInfo>
  /**
   * Hashes the events of the sealed segments anew, and gives what was found, segment by segment. Of those that are not
   * attached nothing is found: their files are verified when they are attached.
   */
  verify(options?: Along): AsyncIterable<SegmentFinding>
  /**
   * Moves the events of a segment into a file. What reads them afterwards fails with `segment.detached`; all else goes on.
   * Interrupted, it goes on when it is called again.
   *
   * @throws HeadwaterError `segment.needed`, `segment.unsupported`, `segment.unknown`, `segment.changed`, `segment.invalid-file`
   */
  detach(number: number, file: SegmentFile, options?: DetachOptions): Promise<SegmentInfo>
  /**
   * Brings the events of a detached segment back from its file, wherever that is now.
   *
   * @throws HeadwaterError `segment.unsupported`, `segment.unknown`, `segment.changed`, `segment.invalid-file`
   */
  attach(number: number, file: SegmentFile, options?: Along): Promise<SegmentInfo>
}

/** The segments of a store, for whoever has no app. */
export function segmentsOf(store: Store): SegmentsHandle {
  return {
    async *list() {
      for await (const row of segmentRows(store.segments)) yield infoOf(row)
    },
    seal: (options = {}) => seal(store, options),
    verify: (options = {}) => verify(store, options),
    detach: (number, file, options = {}) => detach(store, number, file, options),
    attach: (number, file, options = {}) => attach(store, number, file, options),
  }
}
