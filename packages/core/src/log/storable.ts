import { HeadwaterError } from '../message/errors.ts'
import type { AppendRequest, AppendResult, EventQuery } from './port.ts'

/**
 * Whether a text comes back from every store as it was given. PostgreSQL refuses U+0000 in text, and half a surrogate pair
 * has no UTF-8: a database would keep the same replacement for all of them, and mix what is told apart by them.
 */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

/**
 * What no store takes, so that a log can be brought from any to any other; undefined: nothing. Data, payloads and reasons
 * may be any text, and so may the keys of documents.
 */
export function unstorableIn(request: AppendRequest): HeadwaterError | undefined {
  const { tenant, commandId, actor, correlationId, causationId, streams, conditions, command } = request
  if (![tenant, commandId, actor, correlationId, causationId].every(isText))
    return unstorable('An id, an actor or a tenant', commandId)
  if (command !== null && ![command.type, command.causationId, command.reads].every(isText))
    return unstorable(`Command ${command.type}`, commandId)
  for (const { stream, events } of streams) {
    if (!isText(stream)) return unstorable('A stream’s name', commandId)
    for (const { type, tags } of events) {
      if (!isText(type)) return unstorable('An event’s type', commandId)
      if (!tags.every(isStorable)) return unstorable(`A tag of event ${type} of ${stream}`, commandId)
    }
  }
  return conditions.every(({ query }) => isStorableQuery(query))
    ? undefined
    : unstorable('A condition', commandId)
}

/** Has all but the requests at fault appended; these fail by themselves. */
export async function appendStorable(
  requests: readonly AppendRequest[],
  append: (sound: readonly AppendRequest[]) => Promise<readonly AppendResult[]>,
): Promise<readonly AppendResult[]> {
  const faults = requests.map(unstorableIn)
  if (faults.every((fault) => fault === undefined)) return append(requests)
  const results = (await append(requests.filter((_, index) => faults[index] === undefined))).values()
  return faults.flatMap((error): AppendResult | readonly [] =>
    error === undefined ? (results.next().value ?? []) : { status: 'failed', error },
  )
}

/** @throws HeadwaterError `log.invalid-text` */
export function requireStorable(requests: readonly AppendRequest[]): void {
  for (const request of requests) {
    const fault = unstorableIn(request)
    if (fault !== undefined) throw fault
  }
}

/** What of a query can match anything, since nothing that is recorded has a text that no store takes. */
export function askableQuery(query: EventQuery): EventQuery {
  if (isStorableQuery(query)) return query
  return {
    items: query.items.flatMap(({ types, tags }) => {
      const asked = types?.filter(isStorable)
      if ((asked !== undefined && asked.length === 0) || tags?.every(isStorable) === false) return []
      return { ...(asked && { types: asked }), ...(tags && { tags }) }
    }),
  }
}

function isStorableQuery({ items }: EventQuery): boolean {
  return items.every(({ types = [], tags = [] }) => types.every(isStorable) && tags.every(isStorable))
}

function isText(text: string | null): boolean {
  return text === null || isStorable(text)
}

function unstorable(what: string, commandId: string): HeadwaterError {
  return new HeadwaterError(
    'log.invalid-text',
    `${JSON.stringify(what).slice(1, -1)} holds a character U+0000 or half a surrogate pair`,
    { details: { id: commandId.toWellFormed() } },
  )
}
