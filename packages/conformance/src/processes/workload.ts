import type { AppendRequest, EventRow, Store } from '@headwater/core'
import assert from 'node:assert/strict'
import { aCommand, aDocument, anEvent, aRequest, to } from '../make.ts'

/** The collection in which each request leaves a document. */
export const requestDocuments = 'requests'

/**
 * The n-th request of a writer: one to three events, some in a second stream, a command and a document. Sent again it is
 * the very same request, and from its events one can tell whether it was recorded whole.
 */
export function numberedRequest(writer: string, number: number): AppendRequest {
  const size = 1 + (number % 3)
  const events = Array.from({ length: size }, () =>
    anEvent({ type: 'Counted', data: JSON.stringify({ size }) }),
  )
  const streams =
    number % 4 === 0
      ? [to(`${writer}-${number % 5}`, events.slice(0, 1)), to('shared-1', events.slice(1))]
      : [to(`${writer}-${number % 5}`, events)]
  const commandId = `${writer}.${number}`
  const documents = [aDocument(commandId, { size }, { collection: requestDocuments, expectedVersion: 0 })]
  return aRequest(streams, { commandId, command: aCommand(), documents })
}

/** Checks that every request in the log is there once and whole, command and document included; gives first positions. */
export async function requestsRecorded(
  store: Store,
  events: readonly EventRow[],
): Promise<ReadonlyMap<string, number>> {
  const requests = Map.groupBy(events, ({ commandId }) => commandId)
  const ids = [...requests.keys()]
  // It was defined before anything was acknowledged, so it is no accident if it is gone.
  await assert.doesNotReject(
    store.documents.count(requestDocuments, 0, ''),
    'the collection is still defined',
  )
  const documents = await store.documents.get(requestDocuments, 0, '', ids)
  assert.equal(
    await store.documents.count(requestDocuments, 0, ''),
    ids.length,
    'each request left one document',
  )
  for (const [index, id] of ids.entries()) {
    const rows = requests.get(id) ?? []
    const { size } = JSON.parse(String(rows[0]?.data)) as { size: number }
    const ordinals = Array.from({ length: size }, (_, ordinal) => ordinal + 1)
    assert.deepEqual(
      rows.map(({ ordinal }) => ordinal),
      ordinals,
      `${id} is recorded once and whole`,
    )
    assert.equal(documents[index]?.position, rows.at(-1)?.position, `${id} left its document`)
    assert.equal(
      (await store.commands.find(0, '', id))?.position,
      rows[0]?.position,
      `${id} is in the command log`,
    )
  }
  return new Map(ids.map((id) => [id, requests.get(id)?.[0]?.position ?? 0]))
}
