import { mainBranch, type EventRow, type StreamPage, type StreamQuery } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Database } from './database.ts'
import { prepared } from './sql.ts'

const missingFrom = prepared('segments')('missing-from')

/** Whether a page of a stream lacks events: revisions have no gaps but where a segment was detached. */
export function hasGap({ after, limit }: StreamQuery, { events, revision }: StreamPage): boolean {
  const [first] = events
  if (first === undefined) return limit > 0 && revision > Math.max(0, after)
  return events.some((event, index) => event.revision !== Math.max(0, after) + 1 + index)
}

/** @throws HeadwaterError `segment.detached` where a segment is not attached that may hold what a stream lacks */
export async function requireStreamAttached(
  database: Database,
  { branch, stream }: StreamQuery,
  events: readonly EventRow[],
): Promise<void> {
  if (branch !== mainBranch) return
  const { rows } = await database.run<[number, number, number, string]>(missingFrom, [
    events.at(-1)?.position ?? Number.MAX_SAFE_INTEGER,
  ])
  const [row] = rows
  if (row === undefined) return
  const [number, first, last, file] = row
  throw new HeadwaterError(
    'segment.detached',
    `Older events of ${stream} are not in the log: segment ${number}, positions ${first} to ${last}, is in ${file}`,
    { details: { segment: number, file, stream } },
  )
}
