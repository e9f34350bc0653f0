import type { AppendRequest, AppendResult } from '@headwater/core'
import type { Session } from '../database.ts'
import { prepared } from '../sql.ts'
import { contentsOf, placesOf, rounds } from '../write-documents.ts'

const sql = prepared('documents')

/** Writes a request's documents in the transaction that is open. Why they can't be; undefined: they are. */
export async function writeDocuments(
  session: Session,
  { documents }: AppendRequest,
  position: number,
): Promise<AppendResult | undefined> {
  for (const round of rounds(documents)) {
    const places = placesOf(round)
    const { rows } = await session.run<[number | null]>(sql('first-conflict'), places)
    const conflict = round[(rows[0]?.[0] ?? 0) - 1]
    if (conflict !== undefined)
      return { status: 'document-conflict', collection: conflict.collection, key: conflict.key }
    await session.run(sql('write'), [...places, ...contentsOf(round, position)])
  }
  return undefined
}
