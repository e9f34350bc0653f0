import { eventId, parseEventId, timeOfId } from '../message/identity.ts'
import { mainBranch, type EventRow } from './port.ts'
import type { Store } from './store.ts'

/** An event of a direct append is looked for by the time in its id: so much of the log around it, in events. */
const mostSearched = 20_000
const clockTolerance = 2_000
const pageSize = 1_000

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

/** A direct append has no command row, but its id holds the time at which it was made. */
async function searchByTime(
  { log }: Pick<Store, 'log'>,
  tenant: string,
  id: string,
  appendId: string,
): Promise<EventRow | undefined> {
  const time = timeOfId(appendId)
  if (time === undefined) return undefined
  let after = (await log.positionAt(mainBranch, time - clockTolerance)) - 1
  const end = after + mostSearched
  while (after < end) {
    const page = await log.read({ branch: mainBranch, tenant, after, limit: pageSize })
    const found = page.events.find(({ commandId, ordinal }) => eventId(commandId, ordinal) === id)
    if (found !== undefined || page.scannedTo <= after) return found
    after = page.scannedTo
  }
  return undefined
}
