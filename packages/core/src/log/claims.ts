import type { AppendRequest } from './port.ts'

/** What the requests of one flush touch: two that touch the same can't share a flush. */
export class Claims {
  readonly #streams = new Set<string>()
  readonly #tagsWritten = new Set<string>()
  readonly #tagsRead = new Set<string>()
  /** A condition without tags could be broken by any event. */
  #exclusive = false
  #size = 0

  /** Adds the request, unless it collides with what is there. */
  tryAdd(request: AppendRequest): boolean {
    if (this.#exclusive || (isExclusive(request) && this.#size > 0) || this.#collides(request)) return false
    this.#claim(request)
    this.#size += 1
    this.#exclusive = isExclusive(request)
    return true
  }

  /** Keeps later requests from overtaking one that waits. */
  block(request: AppendRequest): void {
    if (isExclusive(request)) this.#exclusive = true
    this.#claim(request)
  }

  #collides(request: AppendRequest): boolean {
    if (request.streams.some(({ stream }) => this.#streams.has(scoped(request, stream)))) return true
    return (
      writtenTags(request).some((tag) => this.#tagsRead.has(tag)) ||
      readTags(request).some((tag) => this.#tagsWritten.has(tag))
    )
  }

  #claim(request: AppendRequest): void {
    for (const { stream } of request.streams) this.#streams.add(scoped(request, stream))
    for (const tag of writtenTags(request)) this.#tagsWritten.add(tag)
    for (const tag of readTags(request)) this.#tagsRead.add(tag)
  }
}

function scoped(request: AppendRequest, name: string): string {
  return `${request.branch}/${request.tenant}/${name}`
}

const none: readonly string[] = []

function writtenTags(request: AppendRequest): readonly string[] {
  let tags: string[] | undefined
  for (const { events } of request.streams) {
    for (const event of events) for (const tag of event.tags) (tags ??= []).push(scoped(request, tag))
  }
  return tags ?? none
}

// An event that matches an item has all of its tags, so the first one is enough to notice a collision.
function readTags(request: AppendRequest): readonly string[] {
  if (request.conditions.length === 0) return none
  return request.conditions.flatMap(({ query }) =>
    query.items.flatMap(({ tags }) => (tags?.[0] === undefined ? [] : [scoped(request, tags[0])])),
  )
}

function isExclusive(request: AppendRequest): boolean {
  return request.conditions.some(({ query }) =>
    query.items.some(({ tags }) => tags === undefined || tags.length === 0),
  )
}
