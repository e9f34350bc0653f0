import type { DocumentWrite } from '@headwater/core'
import { bigintArray, bytesArray, integerArray, textArray } from './arrays.ts'
import type { Call } from './database.ts'
import { encodedColumns } from './encoded.ts'
import { requireShort, storedKey } from './keys.ts'
import { prepared } from './sql.ts'

const sql = prepared('documents')

/**
 * Writes documents in a transaction. One that is at another version than expected raises `log.document-conflict`.
 *
 * @param position what a document shows that doesn't say
 * @throws HeadwaterError `view.store-refused`
 */
export function documentCalls(writes: readonly DocumentWrite[], position: number): readonly Call[] {
  return [...rounds(writes)].flatMap((round) => {
    const places = placesOf(round)
    const write = { statement: sql('write'), values: [...places, ...contentsOf(round, position)] }
    const isAnyExpected = round.some(({ expectedVersion }) => expectedVersion !== undefined)
    return isAnyExpected ? [{ statement: sql('require'), values: places }, write] : [write]
  })
}

/** The first five parameters of `write_documents`, which are those of `document_conflicts`. */
export function placesOf(writes: readonly DocumentWrite[]): readonly Buffer[] {
  for (const { tenant, key } of writes) requireShort(tenant, key)
  return [
    textArray(writes.map(({ collection }) => collection)),
    integerArray(writes.map(({ branch }) => branch)),
    textArray(writes.map(({ tenant }) => storedKey(tenant))),
    textArray(writes.map(({ key }) => storedKey(key))),
    bigintArray(writes.map(({ expectedVersion }) => expectedVersion ?? null)),
  ]
}

/** The others. */
export function contentsOf(writes: readonly DocumentWrite[], position: number): readonly Buffer[] {
  const documents = writes.map(({ document }) => encodedColumns(document))
  return [
    textArray(documents.map(([text]) => text)),
    bytesArray(documents.map(([, bytes]) => bytes)),
    bigintArray(writes.map((one) => one.position ?? position)),
    bigintArray(writes.map(({ version }) => version ?? null)),
    textArray(writes.map(({ words }) => words ?? null)),
  ]
}

/** Cut where a document stands for the second time. */
export function* rounds(writes: readonly DocumentWrite[]): Generator<readonly DocumentWrite[]> {
  const seen = new Set<string>()
  let from = 0
  for (const [index, { collection, branch, tenant, key }] of writes.entries()) {
    const place = JSON.stringify([collection, branch, tenant, key])
    if (seen.has(place)) {
      yield writes.slice(from, index)
      seen.clear()
      from = index
    }
    seen.add(place)
  }
  if (from < writes.length) yield writes.slice(from)
}
