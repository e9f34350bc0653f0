import {
  bytesAfter,
  rangesOf,
  sortableBytes,
  type ByteRange,
  type Candidates,
  type DocumentQuery,
  type ViewDocument,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { placeOf, type Collection } from './collections.ts'
import { buffer, list, type Connection } from './connection.ts'
import { contentIn } from './content.ts'
import { excluding, including, keyOfMember, lexBounds, member } from './members.ts'

const batch = 500

/** A part of a sorted set, walked upwards or downwards. */
interface Walk {
  readonly set: string
  readonly ranges: readonly (readonly [Buffer, Buffer])[]
  readonly isReversed: boolean
  readonly keyOf: (found: Buffer) => string
}

const whole: readonly (readonly [Buffer, Buffer])[] = [[Buffer.from('-'), Buffer.from('+')]]

/** The documents that a query may be about, as far as sorted sets can tell. */
export async function candidatesOf(
  connection: Connection,
  collection: Collection,
  query: DocumentQuery,
  most: number,
): Promise<Candidates> {
  if (query.search !== undefined && !collection.isSearchable)
    throw new HeadwaterError('view.invalid-query', `The collection ${collection.name} is not searchable`)
  const bySearch = searchWalk(collection, query)
  const byFilter = bySearch ?? (await filterWalk(connection, collection, query, most))
  const walk = byFilter ?? orderedWalk(collection, query)
  const isOrdered = byFilter === undefined && walk !== undefined
  const used = walk ?? keyWalk(collection, query, false, false)
  return { isOrdered, documents: documentsOn(connection, collection, query, used, most) }
}

/** In the order of the query; undefined: no set has it. */
function orderedWalk(collection: Collection, query: DocumentQuery): Walk | undefined {
  const [first, second] = query.sort
  if (second !== undefined) return undefined
  if (first === undefined) return keyWalk(collection, query, false, true)
  if (first.path === '$key') return keyWalk(collection, query, first.descending, true)
  const index = collection.indexes.get(first.path)
  if (index === undefined) return undefined
  const { descending } = first
  const { after } = query
  const start = after && excluding(member(sortableBytes(after[0] ?? null), String(after.at(-1)), descending))
  return {
    set: setOf(collection, query, `${descending ? 'down' : 'up'}:${index}`),
    ranges: start === undefined ? whole : [[start, Buffer.from('+')]],
    isReversed: false,
    keyOf: (found) => keyOfMember(found, descending),
  }
}

function keyWalk(
  collection: Collection,
  query: DocumentQuery,
  isReversed: boolean,
  isOrdered: boolean,
): Walk {
  const after =
    isOrdered && query.after !== undefined ? excluding(Buffer.from(String(query.after.at(-1)))) : undefined
  const range: readonly [Buffer, Buffer] = isReversed
    ? [Buffer.from('-'), after ?? Buffer.from('+')]
    : [after ?? Buffer.from('-'), Buffer.from('+')]
  return {
    set: setOf(collection, query, 'keys'),
    ranges: [range],
    isReversed,
    keyOf: (found) => found.toString('utf8'),
  }
}

/** By the index of a filter that leaves few enough; undefined: none does. */
async function filterWalk(
  connection: Connection,
  collection: Collection,
  query: DocumentQuery,
  most: number,
): Promise<Walk | undefined> {
  for (const filter of query.filters) {
    const index = collection.indexes.get(filter.path)
    const ranges = index === undefined ? undefined : rangesOf(filter)
    if (index === undefined || ranges === undefined) continue
    const set = setOf(collection, query, `up:${index}`)
    const bounds = disjoint(ranges).map(lexBounds)
    let count = 0
    for (const [from, to] of bounds) count += Number(await connection.ask('ZLEXCOUNT', set, from, to))
    if (count <= most)
      return { set, ranges: bounds, isReversed: false, keyOf: (found) => keyOfMember(found, false) }
  }
  return undefined
}

/** Ranges of values that are asked for twice are walked once. */
function disjoint(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const ordered = ranges.toSorted((one, other) => Buffer.compare(one.from, other.from))
  const kept: ByteRange[] = []
  for (const range of ordered) {
    const last = kept.at(-1)
    const isApart =
      last === undefined || (last.before !== undefined && Buffer.compare(last.before, range.from) <= 0)
    if (isApart) kept.push(range)
    else if (isFurther(range, last)) kept[kept.length - 1] = { from: last.from, before: range.before }
  }
  return kept
}

function isFurther(one: ByteRange, other: ByteRange): boolean {
  if (other.before === undefined) return false
  return one.before === undefined || Buffer.compare(one.before, other.before) > 0
}

/** By the first whole word, or by the beginning of the only one. */
function searchWalk(collection: Collection, query: DocumentQuery): Walk | undefined {
  const { search = [] } = query
  const [first] = search
  if (first === undefined) return undefined
  const from = Buffer.from(search.length > 1 ? `${first}\u0000` : first)
  const end = bytesAfter(from)
  return {
    set: setOf(collection, query, 'words'),
    ranges: [[including(from), end === undefined ? Buffer.from('+') : excluding(end)]],
    isReversed: false,
    keyOf: (found) => found.toString('utf8', found.indexOf(0) + 1),
  }
}

function setOf({ base }: Collection, { branch, tenant }: DocumentQuery, set: string): string {
  return `${base}${set}:${placeOf(branch, tenant)}`
}

async function* documentsOn(
  connection: Connection,
  collection: Collection,
  query: DocumentQuery,
  walk: Walk,
  most: number,
): AsyncGenerator<readonly ViewDocument[]> {
  // A document may be found by several words of one beginning.
  const seen = new Set<string>()
  for await (const found of membersOn(connection, walk)) {
    const keys = found.map(walk.keyOf).filter((key) => !seen.has(key))
    if (query.search !== undefined) for (const key of keys) seen.add(key)
    if (seen.size > most) throw tooWide(collection, most)
    if (keys.length === 0) continue
    const stored = list(
      await connection.ask('HMGET', setOf(collection, query, 'documents'), ...new Set(keys)),
    )
    yield [...new Set(keys)].flatMap((key, index) => {
      const content = buffer(stored[index])
      if (content === undefined) return []
      const { document, words } = contentIn(key, content)
      return hasWords(words, query.search ?? []) ? [document] : []
    })
  }
}

async function* membersOn(
  connection: Connection,
  { set, ranges, isReversed }: Walk,
): AsyncGenerator<Buffer[]> {
  for (const range of ranges) {
    let [from, to] = range
    for (;;) {
      const bounds = isReversed ? [to, from, 'BYLEX', 'REV'] : [from, to, 'BYLEX']
      const found = list(await connection.ask('ZRANGE', set, ...bounds, 'LIMIT', 0, batch)).flatMap(
        (one) => buffer(one) ?? [],
      )
      if (found.length > 0) yield found
      const last = found.at(-1)
      if (last === undefined || found.length < batch) break
      if (isReversed) to = excluding(last)
      else from = excluding(last)
    }
  }
}

/** All of them; of the last one its beginning is enough. */
function hasWords(words: ReadonlySet<string>, search: readonly string[]): boolean {
  return search.every((word, index) => {
    if (index < search.length - 1) return words.has(word)
    return [...words].some((own) => own.startsWith(word) && own !== '')
  })
}

function tooWide({ name }: Collection, most: number): HeadwaterError {
  return new HeadwaterError('view.too-wide', `The query would look at more than ${most} documents of ${name}`)
}
