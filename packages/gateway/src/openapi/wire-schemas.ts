import type { Catalog } from '@headwater/core'
import { addSchema, reference, type Schema } from './json-schema.ts'

const text: Schema = { type: 'string' }
const textOrNull: Schema = { type: ['string', 'null'] }
const count: Schema = { type: 'integer', minimum: 0 }
const number: Schema = { type: 'integer', minimum: 1 }
const time: Schema = { type: 'string', format: 'date-time' }
const anything: Schema = {}

/** An object whose fields are all there unless named optional. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required }
}

export function list(items: Schema): Schema {
  return { type: 'array', items }
}

const lag = object({ events: count, seconds: { type: 'number', minimum: 0 } })

function envelopeFields(type: Schema, data: Schema): Record<string, Schema> {
  return {
    id: { type: 'string', description: 'The command’s id, a dot, and the event’s number in it.' },
    type,
    version: { type: 'integer', minimum: 1, description: 'Of its schema.' },
    stream: text,
    aggregateId: text,
    revision: { type: 'integer', minimum: 1, description: 'Its number in its stream, without gaps.' },
    position: {
      type: 'integer',
      minimum: 1,
      description: 'Its number in the log, without gaps, in commit order.',
    },
    recordedAt: time,
    occurredAt: time,
    actor: textOrNull,
    correlationId: textOrNull,
    causationId: textOrNull,
    data,
  }
}

const command = {
  id: text,
  type: text,
  actor: textOrNull,
  decidedAt: time,
  status: { enum: ['accepted', 'rejected'] },
  reason: { description: 'Why it was rejected.', anyOf: [reference('Reason'), { type: 'null' }] },
  correlationId: textOrNull,
  causationId: textOrNull,
} as const satisfies Record<string, Schema>

/** The schemas of everything on the wire that does not depend on the app. */
const fixed: Readonly<Record<string, Schema>> = {
  Envelope: object(envelopeFields(text, anything)),
  RecordedReference: object({ id: text, type: text, revision: number, position: number }),
  Accepted: object({
    commandId: text,
    stream: text,
    revision: count,
    position: {
      type: ['integer', 'null'],
      description: 'Of the last event, for `waitFor`; null: there was nothing to do.',
    },
    events: list(reference('RecordedReference')),
  }),
  Reason: object({ code: text, message: text, data: anything }, ['message', 'data']),
  Problem: {
    type: 'object',
    description: 'RFC 9457. Programs branch on `code`.',
    properties: {
      type: { type: 'string', format: 'uri-reference', description: 'Where the code is explained.' },
      title: text,
      status: { type: 'integer' },
      code: text,
      detail: text,
      errors: { description: 'One per fault.', type: 'array', items: reference('Fault') },
      data: { description: 'What the code refers to.' },
      requestId: { type: 'string', description: 'Under which the server’s log says more.' },
    },
    required: ['type', 'title', 'status', 'code'],
  },
  Fault: {
    type: 'object',
    properties: {
      pointer: { type: 'string', description: 'JSON pointer (RFC 6901) into the body.' },
      parameter: { type: 'string', description: 'The query parameter.' },
      header: text,
      detail: text,
    },
    required: ['detail'],
    oneOf: [{ required: ['pointer'] }, { required: ['parameter'] }, { required: ['header'] }],
  },
  RejectedProblem: {
    description:
      'The domain refused the command. `code` is the domain’s own. A repeat of the command id gets this again.',
    allOf: [
      reference('Problem'),
      object(
        {
          rejected: { const: true },
          commandId: text,
          stream: text,
          revision: count,
          position: number,
          events: list(reference('RecordedReference')),
        },
        ['position', 'events'],
      ),
    ],
  },
  LogPage: object({
    events: list(reference('AnyEvent')),
    scannedTo: { type: 'integer', minimum: 0, description: 'Looked at up to here: go on after it.' },
    head: { type: 'integer', minimum: 0, description: 'The last position of the log.' },
  }),
  StreamPage: object({ events: list(reference('AnyEvent')) }),
  StreamList: object({ items: list(object({ stream: text, revision: number })), cursor: textOrNull }),
  History: object({
    stream: text,
    revision: number,
    initial: { description: 'The state before the first item.' },
    items: list(object({ event: reference('AnyEvent'), state: anything })),
  }),
  LoggedCommand: object({
    sequence: number,
    ...command,
    payload: anything,
    reads: { type: 'object', description: 'What the decision read: streams at revisions.' },
    position: { type: ['integer', 'null'], description: 'Of its first event.' },
    events: { type: 'integer', minimum: 0, description: 'How many events it made.' },
  }),
  CommandLogPage: object({ commands: list(reference('LoggedCommand')), scannedTo: count }),
  Trace: object({
    correlationId: text,
    events: list(reference('AnyEvent')),
    commands: list(object({ ...command, stream: textOrNull })),
  }),
  ProcessorList: object({
    processors: list(
      object({
        name: text,
        kind: { enum: ['view', 'subscription'] },
        status: { enum: ['starting', 'running', 'standby', 'stopped', 'failed'] },
        position: count,
        head: count,
        lag,
        parked: count,
        error: textOrNull,
      }),
    ),
  }),
  ViewList: object({
    views: list(
      object({
        name: text,
        lifecycle: { enum: ['async', 'inline', 'live'] },
        events: list(text),
        indexes: list(text),
        position: count,
        lag,
      }),
    ),
  }),
}

/** All schemas of a document: those on the wire, and those of the app’s commands, events and documents. */
export function componentSchemas(catalog: Catalog): Record<string, Schema> {
  const components = new Map(Object.entries(fixed))
  for (const { name, schema } of catalog.commands) addSchema(components, commandSchema(name), schema)
  for (const { name, schema, description } of catalog.events) {
    addSchema(components, eventDataSchema(name), schema)
    components.set(eventSchema(name), {
      ...(description !== null && { description }),
      ...asObject(object(envelopeFields({ const: name }, reference(eventDataSchema(name))))),
    })
  }
  for (const view of catalog.contexts.flatMap(({ views }) => views)) {
    addSchema(components, documentSchema(view.name), view.schema ?? {})
  }
  // Events of the past may be of types that the app has no more: they are envelopes like any other.
  const events = catalog.events.map(({ name }) => reference(eventSchema(name)))
  components.set('AnyEvent', { anyOf: [...events, reference('Envelope')] })
  return Object.fromEntries(components)
}

function asObject(schema: Schema): Record<string, unknown> {
  return typeof schema === 'boolean' ? {} : schema
}

export function commandSchema(name: string): string {
  return `Command.${name}`
}

function eventSchema(name: string): string {
  return `Event.${name}`
}

function eventDataSchema(name: string): string {
  return `EventData.${name}`
}

export function documentSchema(view: string): string {
  return `Document.${view}`
}
