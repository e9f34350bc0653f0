import type { AppendRequest, AppendResult, ExpectedRevision } from '@headwater/core'
import { bigintArray, bytesArray, integerArray, textArray } from '../arrays.ts'
import type { Value } from '../database.ts'
import { encodedColumns, type EncodedColumns } from '../encoded.ts'
import type { Revisions } from './revisions.ts'

/** Requests of one branch that don't depend on one another: whether one is recorded is no matter of the others. */
export interface Wave {
  readonly branch: number
  readonly requests: readonly AppendRequest[]
}

/** What the function `append` answers. */
export type WaveAnswer = [
  isHistory: boolean,
  isCareful: boolean,
  last: number,
  decidedAt: readonly number[],
  revisions: readonly number[],
  refusals: readonly Refusal[] | null,
]

type Refusal =
  | readonly [request: number, reason: 'duplicate']
  | readonly [request: number, reason: 'views-changed', generation: number]
  | readonly [request: number, reason: 'conflict', stream: number, actual: number]
  | readonly [request: number, reason: 'condition-failed', position: number]

export interface WaveValues {
  /** In the order of the function `append`, from the counts of events to the conditions. */
  readonly values: readonly Value[]
  /** There is nothing to look up: the indexes refuse what must not be. */
  readonly isTrusting: boolean
  /** A stream may not be as expected, or there are conditions. */
  readonly mayConflict: boolean
}

export function valuesOf({ requests }: Wave, revisions: Revisions): WaveValues {
  const counts = requests.map(countEvents)
  const streams = streamsOf(requests, revisions)
  const conditions = conditionsOf(requests)
  const generations = requests.map(({ viewGeneration }) => viewGeneration ?? null)
  const values = [
    integerArray(counts),
    integerArray(firstNumbers(counts)),
    bigints(requests.map(({ recordedAt }) => recordedAt ?? null)),
    bigints(generations),
    integers(streams.of),
    texts(streams.tenant),
    texts(streams.name),
    bigints(streams.expected),
    bigints(streams.known),
    bigints(streams.inherited),
    ...eventsOf(requests),
    ...commandsOf(requests),
    conditions,
  ]
  return {
    values,
    isTrusting: !streams.known.includes(null),
    // What is known of a stream is as its append expects it.
    mayConflict:
      conditions !== null ||
      streams.known.some((known, index) => known === null && streams.expected[index] !== anyRevision),
  }
}

/** Which of all events is the first of each request. */
function firstNumbers(counts: readonly number[]): readonly number[] {
  let next = 1
  return counts.map((count) => {
    const first = next
    next += count
    return first
  })
}

function streamsOf(requests: readonly AppendRequest[], revisions: Revisions) {
  const streams = {
    of: [] as number[],
    tenant: [] as string[],
    name: [] as string[],
    expected: [] as number[],
    known: [] as (number | null)[],
    inherited: [] as (number | null)[],
  }
  for (const [index, request] of requests.entries()) {
    for (const part of request.streams) {
      streams.of.push(index + 1)
      streams.tenant.push(request.tenant)
      streams.name.push(part.stream)
      streams.expected.push(expectation(part.expected))
      // The unique index says whether a revision is free; where nothing is inserted, it is looked up.
      streams.known.push(part.events.length === 0 ? null : revisions.guess(request, part))
      streams.inherited.push(part.inherited ?? null)
    }
  }
  return streams
}

function eventsOf(requests: readonly AppendRequest[]): readonly Value[] {
  const events = {
    of: [] as number[],
    number: [] as number[],
    tenant: [] as string[],
    stream: [] as string[],
    at: [] as number[],
    ofStream: [] as number[],
    type: [] as string[],
    version: [] as number[],
    command: [] as string[],
    ordinal: [] as number[],
    occurredAt: [] as number[],
    actor: [] as (string | null)[],
    correlation: [] as (string | null)[],
    causation: [] as (string | null)[],
    data: [] as EncodedColumns[],
  }
  const tags = { event: [] as number[], tenant: [] as string[], type: [] as string[], name: [] as string[] }
  let at = 0
  for (const [index, request] of requests.entries()) {
    const { tenant, commandId, actor, correlationId, causationId } = request
    let ordinal = 0
    for (const part of request.streams) {
      at += 1
      let ofStream = 0
      for (const { type, version, occurredAt, data, tags: own } of part.events) {
        ordinal += 1
        ofStream += 1
        events.of.push(index + 1)
        events.number.push(events.of.length)
        events.tenant.push(tenant)
        events.stream.push(part.stream)
        events.at.push(at)
        events.ofStream.push(ofStream)
        events.type.push(type)
        events.version.push(version)
        events.command.push(commandId)
        events.ordinal.push(ordinal)
        events.occurredAt.push(occurredAt)
        events.actor.push(actor)
        events.correlation.push(correlationId)
        events.causation.push(causationId)
        events.data.push(encodedColumns(data))
        for (const name of own) {
          tags.event.push(events.of.length)
          tags.tenant.push(tenant)
          tags.type.push(type)
          tags.name.push(name)
        }
      }
    }
  }
  return [
    integers(events.of),
    integers(events.number),
    texts(events.tenant),
    texts(events.stream),
    integers(events.at),
    integers(events.ofStream),
    texts(events.type),
    integers(events.version),
    texts(events.command),
    integers(events.ordinal),
    bigints(events.occurredAt),
    texts(events.actor),
    texts(events.correlation),
    texts(events.causation),
    ...encodedArrays(events.data),
    texts([...new Set(events.type)]),
    integers(tags.event),
    texts(tags.tenant),
    texts(tags.type),
    texts(tags.name),
  ]
}

/** A place for each request, empty where it has no command: the number of its place is that of the request. */
function commandsOf(requests: readonly AppendRequest[]): readonly Value[] {
  const commands = requests.map(({ command }) => command)
  const ofThose = <Item>(value: (request: AppendRequest) => Item) =>
    requests.map((request) => (request.command === null ? null : value(request)))
  return [
    texts(ofThose(({ tenant }) => tenant)),
    texts(ofThose(({ commandId }) => commandId)),
    texts(commands.map((command) => command?.type ?? null)),
    ...encodedArrays(commands.map((command) => encodedColumns(command?.payload ?? null))),
    texts(ofThose(({ actor }) => actor)),
    texts(ofThose(({ correlationId }) => correlationId)),
    texts(commands.map((command) => command?.causationId ?? null)),
    texts(commands.map((command) => command?.status ?? null)),
    ...encodedArrays(commands.map((command) => encodedColumns(command?.reason ?? null))),
    texts(commands.map((command) => command?.reads ?? null)),
  ]
}

function conditionsOf(requests: readonly AppendRequest[]): string | null {
  const conditions = requests.flatMap(({ tenant, conditions: own }, index) =>
    own.map(({ query, after }) => ({ request: index + 1, tenant, after, items: query.items })),
  )
  return conditions.length === 0 ? null : JSON.stringify(conditions)
}

const anyRevision = -1
const someRevision = -2
/** No stream is ever at it. */
const impossible = -3

function expectation(expected: ExpectedRevision): number {
  switch (expected) {
    case 'any':
      return anyRevision
    case 'exists':
      return someRevision
    case 'none':
      return 0
    default:
      return Number.isSafeInteger(expected) && expected >= 0 ? expected : impossible
  }
}

// An array of nothing but nulls is a null: it is neither sent nor unpacked.

function texts(values: readonly (string | null)[]): Value {
  return values.every((value) => value === null) ? null : textArray(values)
}

function integers(values: readonly (number | null)[]): Value {
  return values.every((value) => value === null) ? null : integerArray(values)
}

function bigints(values: readonly (number | null)[]): Value {
  return values.every((value) => value === null) ? null : bigintArray(values)
}

function encodedArrays(values: readonly EncodedColumns[]): [text: Value, bytes: Value] {
  const bytes = values.map(([, own]) => own)
  return [texts(values.map(([text]) => text)), bytes.every((own) => own === null) ? null : bytesArray(bytes)]
}

/** One result for each request of the wave. */
export function resultsOf(
  { requests }: Wave,
  [, , last, decidedAt, before, refusals]: WaveAnswer,
): readonly AppendResult[] {
  const refused = new Map(refusals?.map((refusal) => [refusal[0], refusal]))
  let position = last
  let stream = 0
  return requests.map((request, index) => {
    const first = stream
    stream += request.streams.length
    const refusal = refused.get(index + 1)
    if (refusal !== undefined) return refusalResult(request, refusal, first)
    const count = countEvents(request)
    position += count
    return {
      status: 'appended',
      position: count === 0 ? undefined : position - count + 1,
      recordedAt: decidedAt[index] ?? decidedAt[0] ?? 0,
      revisions: request.streams.map(({ events }, at) => (before[first + at] ?? 0) + events.length),
    }
  })
}

function refusalResult(request: AppendRequest, refusal: Refusal, firstStream: number): AppendResult {
  switch (refusal[1]) {
    case 'duplicate':
      return { status: 'duplicate' }
    case 'views-changed':
      return { status: 'views-changed', generation: refusal[2] }
    case 'condition-failed':
      return { status: 'condition-failed', position: refusal[2] }
    case 'conflict': {
      const { stream = '', expected = 'any' } = request.streams[refusal[2] - 1 - firstStream] ?? {}
      return { status: 'conflict', stream, expected, actual: refusal[3] }
    }
  }
}

export function countEvents({ streams }: AppendRequest): number {
  let count = 0
  for (const { events } of streams) count += events.length
  return count
}
