import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { newId } from '../message/identity.ts'
import { checkStreamName } from '../message/stream.ts'
import type { StoredAnswers } from '../handle/answers.ts'
import type { Recorder } from '../handle/recorder.ts'
import { appendRequest } from '../handle/request.ts'
import type { AppendAllOptions, Appended, AppendPart } from './headwater.ts'
import type { Registry } from './registry.ts'

/** The command log's name for an append that a user made idempotent by an id. */
const appendType = '$append'

export interface AppenderParts {
  readonly codec: PayloadCodec
  readonly recorder: Recorder
  readonly answers: StoredAnswers
  readonly registry: Registry
  readonly now: () => number
}

/** Records events without a command. */
export class Appender {
  readonly #parts: AppenderParts

  constructor(parts: AppenderParts) {
    this.#parts = parts
  }

  async append(parts: readonly AppendPart[], options: AppendAllOptions): Promise<Appended> {
    this.#check(parts)
    const { codec, recorder, answers, now } = this.#parts
    const origin = {
      tenant: options.tenant ?? '',
      commandId: options.id ?? newId(),
      actor: options.actor ?? null,
      correlationId: options.correlationId ?? null,
      // With an id the append has a row in the command log, which then is the events' cause.
      causationId: options.id === undefined ? (options.causationId ?? '') : null,
      occurredAt: now(),
    }
    const command =
      options.id === undefined
        ? null
        : {
            type: appendType,
            payload: codec.encode('command', appendType, 1, payloadOf(parts)),
            status: 'accepted' as const,
            reason: null,
            causationId: options.causationId ?? null,
            reads: '{}',
          }
    const streams = parts.map(({ stream, events, expected }) => ({
      stream,
      events,
      expected: expected ?? 'any',
    }))
    const conditions = options.condition === undefined ? [] : [options.condition]
    const { result, events } = await recorder.record(
      appendRequest(codec, origin, streams, command, conditions),
    )
    if (result.status === 'appended') {
      return { id: origin.commandId, position: events.at(-1)?.position ?? 0, events: events.map(reference) }
    }
    if (result.status === 'duplicate') {
      const stored = await answers.events(
        origin.tenant,
        origin.commandId,
        appendType,
        payloadOf(parts),
        origin.actor,
      )
      return { id: origin.commandId, position: stored.at(-1)?.position ?? 0, events: stored.map(reference) }
    }
    if (result.status === 'condition-failed') {
      throw new HeadwaterError(
        'log.condition-failed',
        `The condition is broken by the event at position ${result.position}`,
        {
          details: { position: result.position },
        },
      )
    }
    const { stream, expected, actual } = result
    throw new HeadwaterError(
      'log.conflict',
      `${stream} is at revision ${actual}, not ${describeExpected(expected)}`,
      {
        details: { stream, expected, actual },
      },
    )
  }

  /** @throws HeadwaterError `event.unknown`, `stream.invalid-name` */
  #check(parts: readonly AppendPart[]): void {
    const streams = new Set<string>()
    for (const { stream, events } of parts) {
      checkStreamName(stream)
      if (streams.has(stream))
        throw new HeadwaterError('stream.invalid-name', `Stream ${stream} stands twice in one append`)
      streams.add(stream)
      for (const { type } of events) {
        if (!this.#parts.registry.events.has(type)) {
          throw new HeadwaterError('event.unknown', `This app defines no event type ${type}`, {
            details: { type },
          })
        }
      }
    }
  }
}

/** What a repeat of the append has to match. */
function payloadOf(parts: readonly AppendPart[]) {
  return parts.map(({ stream, events }) => ({
    stream,
    events: events.map(({ type, data }) => ({ type, data })),
  }))
}

function reference({
  id,
  type,
  stream,
  revision,
  position,
}: Appended['events'][number]): Appended['events'][number] {
  return { id, type, stream, revision, position }
}

function describeExpected(expected: string | number): string {
  return typeof expected === 'number'
    ? `at ${expected}`
    : ({ any: 'any', none: 'without events', exists: 'with events' }[expected] ?? expected)
}
