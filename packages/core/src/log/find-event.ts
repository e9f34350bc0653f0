import { eventId, parseEventId, timeOfId } from '../message/identity.ts'
import { mainBranch, type EventRow, type Log } from './port.ts'
import type { Store } from './store.ts'

/** An event of a direct append is looked for by the time in its id: so much of the log on either side of it, in events. */
const mostSearched = 20_000
/** What was recorded before the append was made, by another machine's clock: so many milliseconds. */
const clockTolerance = 2_000
const pageSize = 1_000
/** Most appends are recorded at once: the first look is a short one. */
const firstPage = 100

/** The event of an id, which has no index of its own: its command's row says where the command's events are. */
export async function findEvent(
  store: Pick<Store, 'log' | 'commands'>,
  tenant: string,
  id: string,
): Promise<EventRow | undefined> {
  const parsed = parseEventId(id)
  if (parsed === undefined) return undefined
  const row = await store.commands.find(mainBranch, tenant, parsed.commandId)
  if (row === undefined) return searchByTime(store, tenant, id, parsed.commandId)
  if (row.position === null || parsed.ordinal > row.events) return undefined
  const after = row.position + parsed.ordinal - 2
  const { events } = await store.log.read({ branch: mainBranch, tenant, after, limit: 1 })
  return events[0]
}

/**
 * A direct append has no command row, but its id holds the time at which it was made. It was recorded then or soon after,
 * unless clocks differ.
 */
async function searchByTime(
  { log }: Pick<Store, 'log'>,
  tenant: string,
  id: string,
  appendId: string,
): Promise<EventRow | undefined> {
  const time = timeOfId(appendId)
  if (time === undefined) return undefined
  const before = (await log.positionAt(mainBranch, time)) - 1
  const isIt = ({ commandId, ordinal }: EventRow): boolean => eventId(commandId, ordinal) === id
  const found = await search(log, tenant, before, before + mostSearched, isIt)
  if (found !== undefined) return found
  const first = (await log.positionAt(mainBranch, time - clockTolerance)) - 1
  return search(log, tenant, Math.max(first, before - mostSearched), before, isIt)
}

async function search(
  log: Pick<Log, 'read'>,
  tenant: string,
  from: number,
  to: number,
  isIt: (row: EventRow) => boolean,
): Promise<EventRow | undefined> {
  for (let after = from, limit = firstPage; after < to; limit = pageSize) {
    const page = await log.read({ branch: mainBranch, tenant, after, to, limit })
    const found = page.events.find(isIt)
    if (found !== undefined || page.scannedTo <= after) return found
    after = page.scannedTo
  }
  return undefined
}
