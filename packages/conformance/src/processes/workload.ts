import type { AppendRequest, EventRow } from '@headwater/core'
import assert from 'node:assert/strict'
import { aCommand, anEvent, aRequest, to } from '../make.ts'

/**
 * The n-th request of a writer: one to three events, some in a second stream. Sent again it is the very same request, and
 * from its events one can tell whether it was recorded whole.
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
  return aRequest(streams, { commandId: `${writer}.${number}`, command: aCommand() })
}

/** Checks that every request among the events is there once and whole; gives the first position of each. */
export function requestsRecorded(events: readonly EventRow[]): ReadonlyMap<string, number> {
  const parts = new Map<string, EventRow[]>()
  for (const event of events) {
    const known = parts.get(event.commandId)
    if (known === undefined) parts.set(event.commandId, [event])
    else known.push(event)
  }
  const positions = new Map<string, number>()
  for (const [id, rows] of parts) {
    const { size } = JSON.parse(String(rows[0]?.data)) as { size: number }
    assert.deepEqual(
      rows.map(({ ordinal }) => ordinal),
      Array.from({ length: size }, (_, index) => index + 1),
      `${id} is recorded once and whole`,
    )
    positions.set(id, rows[0]?.position ?? 0)
  }
  return positions
}
