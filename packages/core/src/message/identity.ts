import { v5 } from 'uuid'
import { timeOrderedId } from './time-ordered-id.ts'

/** The namespace of all ids that Headwater derives from other ids (RFC 9562, version 5). */
const namespace = '5c8a1f0e-0d6f-5b43-9f0a-3c1d7c9f2b61'

/** A new id that sorts by time (UUID version 7): neighbours in time are neighbours in an index. */
export function newId(): string {
  return timeOrderedId()
}

/** The same parts give the same id, whenever and wherever: how ids survive a replay in another order. */
export function deriveId(...parts: readonly (string | number)[]): string {
  return v5(JSON.stringify(parts), namespace)
}

/** An event's id is its command's id and its ordinal, from 1, so that it needs no index of its own. */
export function eventId(commandId: string, ordinal: number): string {
  return `${commandId}.${ordinal}`
}

/** The inverse of {@link eventId}; undefined where `id` isn't an event's. No two ids mean the same event. */
export function parseEventId(id: string): { commandId: string; ordinal: number } | undefined {
  const [, commandId, ordinal] = /^(.+)\.([1-9][0-9]{0,14})$/s.exec(id) ?? []
  return commandId === undefined ? undefined : { commandId, ordinal: Number(ordinal) }
}

/** When a time-ordered id (UUID version 7) was made, in epoch milliseconds; undefined for other ids. */
export function timeOfId(id: string): number | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/.test(id)) return undefined
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}
