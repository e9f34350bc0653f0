import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { eventFrom } from '../message/event.ts'
import { checkStreamName } from '../message/stream.ts'
import { newerVersion } from '../message/upcast.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { StoredAnswers } from '../handle/answers.ts'
import type { Recorder } from '../handle/recorder.ts'
import { appendRequest } from '../handle/request.ts'
import type { Statement } from '../log/sql.ts'
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
  readonly newId: () => string
}

/** Records events without a command. */
export class Appender {
  readonly #parts: AppenderParts

  constructor(parts: AppenderParts) {
    this.#parts = parts
  }

  /** @param statements for tables of the user's, to be run with it */
  async append(
    parts: readonly AppendPart[],
    options: AppendAllOptions,
    statements: readonly Statement[] = [],
  ): Promise<Appended> {
    this.#check(parts)
    const { codec, recorder, answers, now, newId } = this.#parts
    const origin = {
      tenant: tenantNamed(options.tenant),
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
      appendRequest(codec, origin, streams, command, conditions, statements),
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
        (stored) => currentPayload(this.#parts.registry, stored as readonly StoredPart[]),
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
    if (result.status === 'statement-conflict') {
      throw new HeadwaterError('log.statement-conflict', result.message)
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

  /** @throws HeadwaterError `event.unknown`, `event.newer-version`, `stream.invalid-name` */
  #check(parts: readonly AppendPart[]): void {
    const streams = new Set<string>()
    for (const { stream, events } of parts) {
      checkStreamName(stream)
      if (streams.has(stream))
        throw new HeadwaterError('stream.invalid-name', `Stream ${stream} stands twice in one append`)
      streams.add(stream)
      for (const { type, version } of events) {
        const known = this.#parts.registry.events.get(type)
        if (known === undefined) {
          throw new HeadwaterError('event.unknown', `This app defines no event type ${type}`, {
            details: { type },
          })
        }
        if (version > known.version) throw newerVersion('This app', type, known.version, version)
      }
    }
  }
}

interface StoredPart {
  readonly stream: string
  readonly events: readonly { readonly type: string; readonly version?: number; readonly data: unknown }[]
}

/** What a repeat of the append has to match; a first version goes without saying. */
function payloadOf(parts: readonly AppendPart[]): readonly StoredPart[] {
  return parts.map(({ stream, events }) => ({
    stream,
    events: events.map(({ type, version, data }) => ({ type, ...(version > 1 && { version }), data })),
  }))
}

/** What the same append would send today, so that it is the same to a later version of the code. */
function currentPayload({ events: types }: Registry, stored: readonly StoredPart[]): readonly StoredPart[] {
  return stored.map(({ stream, events }) => ({
    stream,
    events: events.map((event) => {
      const type = types.get(event.type)
      const { version = 1 } = event
      if (type === undefined || version >= type.version) return event
      return { type: event.type, version: type.version, data: eventFrom(type, version, event.data).data }
    }),
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
