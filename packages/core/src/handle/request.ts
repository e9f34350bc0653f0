import type { PayloadCodec } from '../message/codec.ts'
import type { NewEvent } from '../message/event.ts'
import {
  mainBranch,
  type AppendCondition,
  type AppendRequest,
  type CommandToLog,
  type ExpectedRevision,
  type StreamAppend,
} from '../log/port.ts'
import type { Statement } from '../log/sql.ts'

/** Who and what an append comes from. */
export interface Origin {
  readonly tenant: string
  readonly commandId: string
  readonly actor: string | null
  /** Null: the command's id. */
  readonly correlationId: string | null
  /** Null: the command's id. Empty: nothing caused it. */
  readonly causationId: string | null
  /** Epoch milliseconds; of events that don't say so themselves. */
  readonly occurredAt: number
}

/** Events for one stream, before they are encoded. */
export interface StreamPart {
  readonly stream: string
  readonly expected: ExpectedRevision
  readonly events: readonly NewEvent[]
}

/** Encodes an append. */
export function appendRequest(
  codec: PayloadCodec,
  { tenant, commandId, actor, correlationId, causationId, occurredAt }: Origin,
  parts: readonly StreamPart[],
  command: CommandToLog | null,
  conditions: readonly AppendCondition[] = [],
  statements: readonly Statement[] = [],
): AppendRequest {
  const streams = parts.map((part) => encodePart(codec, occurredAt, part))
  return {
    tenant,
    branch: mainBranch,
    commandId,
    actor,
    correlationId,
    causationId,
    streams,
    conditions,
    documents: [],
    statements: statements.length === 0 ? undefined : statements,
    command,
  }
}

export function encodePart(
  codec: PayloadCodec,
  occurredAt: number,
  { stream, expected, events }: StreamPart,
): StreamAppend {
  return {
    stream,
    expected,
    events: events.map((event) => ({
      type: event.type,
      version: event.version,
      data: codec.encode('event', event.type, event.version, event.data),
      occurredAt: event.occurredAt?.getTime() ?? occurredAt,
      tags: event.tags,
    })),
  }
}
