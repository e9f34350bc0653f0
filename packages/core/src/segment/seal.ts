import { HeadwaterError } from '../message/errors.ts'
import { mainBranch } from '../log/port.ts'
import type { SegmentRow } from '../log/segments.ts'
import type { Store } from '../log/store.ts'
import { noHash } from './hash.ts'
import { type Along, hashOf, lastSegment } from './read.ts'
import { infoOf, type SegmentInfo } from './summary.ts'

export interface SealOptions extends Along {
  /** How many events a segment has. Default 1,000,000. */
  readonly size?: number
  /** No segment goes beyond this position. Default: the end of the log. */
  readonly to?: number
}

const usualSize = 1_000_000

/** Seals one whole segment after the other. Nothing waits for it; what was sealed stays sealed when it is stopped. */
export async function* seal(
  { log, segments }: Pick<Store, 'log' | 'segments'>,
  { size = usualSize, to = Number.POSITIVE_INFINITY, ...along }: SealOptions,
): AsyncGenerator<SegmentInfo> {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new HeadwaterError('segment.invalid-size', `A segment can not have ${size} events`, {
      details: { size },
    })
  const end = Math.min(to, (await log.head(mainBranch)).position)
  let before = await lastSegment(segments)
  for (;;) {
    const first = (before?.last ?? 0) + 1
    const last = first + size - 1
    if (last > end) return
    const place = { number: (before?.number ?? 0) + 1, first, last }
    const hash = await hashOf(log, place, before?.hash ?? noHash, along)
    const sealed: SegmentRow = { ...place, hash, sealedAt: Date.now(), state: 'attached', file: null }
    if (await segments.seal(sealed)) {
      before = sealed
      yield infoOf(sealed)
    } else {
      // Somebody else was faster: what they have sealed counts.
      before = await lastSegment(segments)
    }
  }
}
