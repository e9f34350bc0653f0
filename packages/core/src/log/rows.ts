import type { AppendRequest, EventRow } from './port.ts'

/**
 * The rows that a request becomes, in the order of positions.
 *
 * @param revisions of each stream after the append
 */
export function* rowsOf(
  request: AppendRequest,
  position: number,
  recordedAt: number,
  revisions: readonly number[],
): Generator<EventRow> {
  const { tenant, commandId, actor, correlationId, causationId } = request
  let ordinal = 0
  for (const [index, { stream, events }] of request.streams.entries()) {
    let revision = (revisions[index] ?? 0) - events.length
    for (const { type, version, data, occurredAt } of events) {
      ordinal += 1
      revision += 1
      yield {
        position: position + ordinal - 1,
        tenant,
        stream,
        revision,
        type,
        version,
        commandId,
        ordinal,
        recordedAt,
        occurredAt,
        actor,
        correlationId,
        causationId,
        data,
      }
    }
  }
}

/**
 * The rows that a request will become if it is recorded as expected, for those who look at its facts before: every
 * expected revision is a number; there is no position yet.
 */
export function pendingRows(request: AppendRequest): Iterable<EventRow> {
  const revisions = request.streams.map(
    ({ expected, events }) => (typeof expected === 'number' ? expected : 0) + events.length,
  )
  return rowsOf(request, 0, 0, revisions)
}
