/** What an import needs of an exported event. */
export interface Envelope {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly revision: number
  readonly occurredAt: string
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  readonly data: unknown
}

/** Reads an exported event; gives what is wrong with it where it is none. */
export function readEnvelope(value: Readonly<Record<string, unknown>>): Envelope | string {
  const { id, type, stream, revision, occurredAt, data } = value
  if (typeof id !== 'string' || id === '') return 'id: is no text'
  if (typeof type !== 'string' || type === '') return 'type: is no text'
  if (typeof stream !== 'string' || stream === '') return 'stream: is no text'
  if (typeof revision !== 'number' || !Number.isInteger(revision) || revision < 1)
    return 'revision: is no number from 1 on'
  if (typeof occurredAt !== 'string' || Number.isNaN(Date.parse(occurredAt))) return 'occurredAt: is no time'
  return {
    id,
    type,
    stream,
    revision,
    occurredAt,
    actor: textOrNull(value['actor']),
    correlationId: textOrNull(value['correlationId']),
    causationId: textOrNull(value['causationId']),
    data,
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
