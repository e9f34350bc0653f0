import type { AppendRequest } from '@headwater/core'
import { isStorable } from '../encoded.ts'

/** What is wrong with a request that PostgreSQL could not hold as it is; undefined: nothing that shows before. */
export function faultOf(request: AppendRequest): Error | undefined {
  const { recordedAt, streams, tenant, commandId, actor, correlationId, causationId, command } = request
  if (recordedAt !== undefined && !Number.isSafeInteger(recordedAt))
    return new TypeError('The append was recorded at no time')
  if (![tenant, commandId, actor, correlationId, causationId].every(isText)) return unstorable('A request')
  if (command !== null && ![command.type, command.causationId, command.reads].every(isText))
    return unstorable(`Command ${command.type}`)
  for (const { stream, events } of streams) {
    if (!isText(stream)) return unstorable('A stream’s name')
    for (const { type, version, occurredAt, tags } of events) {
      if (!Number.isSafeInteger(occurredAt))
        return new TypeError(`Event ${type} of ${stream} occurred at no time`)
      if (!isInteger(version)) return new TypeError(`Event ${type} of ${stream} has no version`)
      if (!isText(type) || !tags.every(isText)) return unstorable(`Event ${type} of ${stream}`)
    }
  }
  return undefined
}

function isText(text: string | null): boolean {
  return text === null || isStorable(text)
}

function isInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31
}

function unstorable(what: string): Error {
  return new TypeError(
    `${what} holds text that PostgreSQL can't: a character U+0000 or half a surrogate pair`,
  )
}
