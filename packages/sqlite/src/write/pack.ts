import type {
  AppendCondition,
  AppendRequest,
  AppendResult,
  DocumentWrite,
  EventToAppend,
  ExpectedRevision,
  Statement,
  StreamAppend,
} from '@headwater/core'
import { errorFromWire, errorToWire, type WireError } from './wire-error.ts'

/**
 * Appends as flat arrays. A structured clone of objects writes the names of all fields of all of them: flat arrays take a
 * third of the time of both threads.
 */
export type Packed = unknown[]

/** Takes values one after the other, as they were pushed; who unpacks knows what was packed. */
class Unpacker {
  readonly #values: readonly unknown[]
  #next = 0

  constructor(values: readonly unknown[]) {
    this.#values = values
  }

  take<Value>(): Value {
    return this.#values[this.#next++] as Value
  }

  list<Item>(item: () => Item): Item[] {
    return Array.from({ length: this.take<number>() }, item)
  }
}

export function packRequests(requests: readonly AppendRequest[]): Packed {
  const packed: Packed = [requests.length]
  for (const request of requests) packRequest(packed, request)
  return packed
}

function packRequest(packed: Packed, request: AppendRequest): void {
  const { tenant, branch, commandId, actor, correlationId, causationId, streams, conditions, documents } =
    request
  packed.push(tenant, branch, commandId, actor, correlationId, causationId, streams.length)
  for (const { stream, expected, events, inherited } of streams) {
    packed.push(stream, expected, inherited, events.length)
    for (const { type, version, data, occurredAt, tags } of events) {
      packed.push(type, version, data, occurredAt, tags.length, ...tags)
    }
  }
  packed.push(conditions.length, ...conditions, documents.length, ...documents)
  packed.push(request.statements, request.viewGeneration, request.recordedAt, request.command !== null)
  if (request.command === null) return
  const { type, payload, status, reason, causationId: cause, reads } = request.command
  packed.push(type, payload, status, reason, cause, reads)
}

export function unpackRequests(packed: Packed): AppendRequest[] {
  const from = new Unpacker(packed)
  return from.list(() => unpackRequest(from))
}

function unpackRequest(from: Unpacker): AppendRequest {
  return {
    tenant: from.take(),
    branch: from.take(),
    commandId: from.take(),
    actor: from.take(),
    correlationId: from.take(),
    causationId: from.take(),
    streams: from.list(() => unpackStream(from)),
    conditions: from.list(() => from.take<AppendCondition>()),
    documents: from.list(() => from.take<DocumentWrite>()),
    statements: from.take<readonly Statement[] | undefined>(),
    viewGeneration: from.take(),
    recordedAt: from.take(),
    command: from.take<boolean>()
      ? {
          type: from.take(),
          payload: from.take(),
          status: from.take(),
          reason: from.take(),
          causationId: from.take(),
          reads: from.take(),
        }
      : null,
  }
}

function unpackStream(from: Unpacker): StreamAppend {
  const [stream, expected] = [from.take<string>(), from.take<ExpectedRevision>()]
  const inherited = from.take<number | undefined>()
  return {
    stream,
    expected,
    ...(inherited !== undefined && { inherited }),
    events: from.list(
      (): EventToAppend => ({
        type: from.take(),
        version: from.take(),
        data: from.take(),
        occurredAt: from.take(),
        tags: from.list(() => from.take<string>()),
      }),
    ),
  }
}

export function packResults(results: readonly AppendResult[]): Packed {
  const packed: Packed = [results.length]
  for (const result of results) {
    packed.push(result.status === 'appended')
    if (result.status === 'appended') {
      packed.push(result.position, result.recordedAt, result.revisions.length, ...result.revisions)
    } else {
      packed.push(result.status === 'failed' ? { ...result, error: errorToWire(result.error) } : result)
    }
  }
  return packed
}

export function unpackResults(packed: Packed): AppendResult[] {
  const from = new Unpacker(packed)
  return from.list(() => unpackResult(from))
}

type Refused = Exclude<AppendResult, { status: 'appended' | 'failed' }>

function unpackResult(from: Unpacker): AppendResult {
  if (from.take<boolean>()) {
    return {
      status: 'appended',
      position: from.take(),
      recordedAt: from.take(),
      revisions: from.list(() => from.take<number>()),
    }
  }
  const result = from.take<Refused | { status: 'failed'; error: WireError }>()
  return result.status === 'failed' ? { ...result, error: errorFromWire(result.error) } : result
}
