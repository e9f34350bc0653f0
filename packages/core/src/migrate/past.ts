import { decodeReads } from '../handle/answers.ts'
import { Recent } from '../log/recent.ts'
import { findEvent } from '../log/find-event.ts'
import type { CommandRow, Store } from '../log/store.ts'
import type { MapEntry } from './map.ts'
import type { Past } from './plan.ts'

const mostCauses = 10_000

export interface PastParts {
  readonly source: Store
  readonly streams: (stream: string) => string
  readonly entryOf: (old: number) => Promise<MapEntry | undefined>
  /** The revision of a stream of the new log, of all that was recorded before what is planned now. */
  readonly revisionOf: (tenant: string, stream: string) => Promise<number>
  /** False: up to now every event has the id, and every stream the revisions, that it had. */
  readonly isShifted: () => boolean
}

/** Finds out what has become of what was recorded before; where nothing has changed its name, nothing is looked up. */
export function pastOf(parts: PastParts): Past {
  const { source, streams, entryOf, revisionOf, isShifted } = parts
  const causes = new Recent<string>(mostCauses)

  async function causeOf(tenant: string, id: string): Promise<string> {
    if (!isShifted()) return id
    const key = `${tenant}\u0000${id}`
    const known = causes.get(key)
    if (known !== undefined) return known
    const cause = await lookUp(tenant, id)
    causes.set(key, cause)
    return cause
  }

  async function lookUp(tenant: string, id: string): Promise<string> {
    const row = await findEvent(source, tenant, id)
    const entry = row === undefined ? undefined : await entryOf(row.position)
    // Not an event of this log, or a cause that comes after what it causes: nothing that we could know better.
    if (row === undefined || entry === undefined) return id
    if (entry.dropped === undefined) return entry.id ?? id
    // What was caused by an event that is no more was caused by that which had caused it.
    const above = row.causationId === null ? row.commandId : row.causationId
    return above === '' ? '' : causeOf(tenant, above)
  }

  async function readsOf({ tenant, reads }: CommandRow): Promise<string> {
    const read = decodeReads(reads)
    if (read.streams === undefined) return reads
    if (!isShifted() && read.streams.every(([stream]) => streams(stream) === stream)) return reads
    const now: [string, number][] = []
    for (const [stream, revision] of read.streams) {
      const name = streams(stream)
      now.push([name, isShifted() ? await revisionOf(tenant, name) : revision])
    }
    return JSON.stringify({ ...read, streams: now })
  }

  return { entryOf, causeOf, readsOf }
}
