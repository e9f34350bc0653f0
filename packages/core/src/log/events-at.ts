import type { EventRow, Log } from './port.ts'

const pageSize = 500

/** The events at positions, which are in ascending order; those that are not there are left out. */
export async function* eventsAt(
  log: Log,
  branch: number,
  positions: readonly number[],
): AsyncGenerator<EventRow> {
  for (let next = 0; next < positions.length; ) {
    const asked = positions.slice(next, next + pageSize)
    const events = await log.readAt({ branch, positions: asked })
    yield* events
    const last = events.at(-1)?.position
    if (last === undefined) next += asked.length
    else next += asked.indexOf(last) + 1
  }
}
