import type { SegmentRow } from '../log/segments.ts'
import type { Store } from '../log/store.ts'
import { noHash } from './hash.ts'
import { type Along, hashOf, segmentRows } from './read.ts'
import { infoOf, type SegmentFinding } from './summary.ts'

/**
 * Hashes all segments anew. Each is judged with the hash that is recorded of the one before, so that a change shows in the
 * segment that it is in.
 */
export async function* verify(
  { log, segments }: Pick<Store, 'log' | 'segments'>,
  along: Along,
): AsyncGenerator<SegmentFinding> {
  let before: Pick<SegmentRow, 'number' | 'last' | 'hash'> = { number: 0, last: 0, hash: noHash }
  for await (const row of segmentRows(segments)) {
    const difference =
      row.number !== before.number + 1 || row.first !== before.last + 1
        ? `it does not follow segment ${before.number}, which ends at position ${before.last}`
        : await differenceIn(log, row, before.hash, along)
    yield { ...infoOf(row), difference }
    before = row
  }
}

async function differenceIn(
  log: Store['log'],
  row: SegmentRow,
  previous: string,
  along: Along,
): Promise<string | null> {
  if (row.state !== 'attached') return null
  const found = await hashOf(log, row, previous, along)
  return found === row.hash ? null : `its events have the hash ${found}`
}
