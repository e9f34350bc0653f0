import type { Catalog } from '@headwater/core'
import { addSchema, list, object, reference, type Schema } from './json-schema.ts'
import { debugSchemas } from './debug.ts'
import { forecastSchema } from './forecasts.ts'
import { externalSchemas } from './externals.ts'
import { processorSchemas } from './processor-schemas.ts'
import { rebuildProgress, viewVersionList } from './version-schemas.ts'

const text: Schema = { type: 'string' }
const textOrNull: Schema = { type: ['string', 'null'] }
const count: Schema = { type: 'integer', minimum: 0 }
const number: Schema = { type: 'integer', minimum: 1 }
const time: Schema = { type: 'string', format: 'date-time' }
const anything: Schema = {}

const lag = object({ events: count, seconds: { type: 'number', minimum: 0 } })

function envelopeFields(type: Schema, data: Schema): Record<string, Schema> {
  return {
    id: { type: 'string', description: 'The command’s id, a dot, and the event’s number in it.' },
    type,
    version: { type: 'integer', minimum: 1, description: 'Of the schema of `data`.' },
    recordedVersion: {
      type: 'integer',
      minimum: 1,
      description: 'The version it was recorded with, where `data` was brought from it to `version`.',
    },
    tenant: {
      type: 'string',
      description: 'Only where events of all tenants are read; empty: the one without a name.',
    },
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
    amended: {
      description: 'Where an amendment has omitted, replaced or inserted it, and it is read with amendments.',
      allOf: [
        object(
          {
            edit: { enum: ['omit', 'replace', 'insert'] },
            id: { type: 'string', description: 'Of the amendment, itself an event.' },
            position: number,
            by: textOrNull,
            why: text,
            at: time,
            behind: {
              type: 'integer',
              minimum: 0,
              description: 'Of an inserted event: the revision of the one before it; 0: it is the first one.',
            },
          },
          ['behind'],
        ),
      ],
    },
    data,
  }
}

/** Of an envelope: those that it has only where they say something. */
const rareFields = ['recordedVersion', 'tenant', 'amended']

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

const ruleEntry = object({
  from: { type: ['string', 'null'], format: 'date-time', description: 'Null: from the beginning of time.' },
  to: { type: ['string', 'null'], format: 'date-time', description: 'Exclusive; null: it has no end.' },
  kind: { enum: ['data', 'function'] },
  value: { description: 'Data; of a function its name.' },
  fingerprint: { type: 'string', description: 'Another one for another value.' },
})

/** The schemas of everything on the wire that does not depend on the app. */
const fixed: Readonly<Record<string, Schema>> = {
  Forecast: forecastSchema,
  Envelope: object(envelopeFields(text, anything), rareFields),
  RecordedReference: object({ id: text, type: text, revision: number, position: number }),
  Amendments: object({
    id: text,
    position: { ...number, description: 'Of the last one, for `waitFor`.' },
    amendments: list(
      object({
        id: { type: 'string', description: 'Of the amendment; of what it inserts, too.' },
        edit: { enum: ['omit', 'replace', 'insert', 'restore'] },
        target: { ...textOrNull, description: 'The event that it is about; null: the stream’s beginning.' },
        stream: text,
        revision: number,
        position: number,
      }),
    ),
  }),
  ReversedEvent: object({ id: text, type: text, stream: text, revision: number, position: number }),
  Reversal: object({
    id: text,
    head: { type: 'integer', minimum: 0, description: 'The log ended here when it was planned.' },
    events: list(reference('ReversedEvent')),
    lacking: list(object({ type: text, stream: text, events: number })),
    recorded: list(reference('ReversedEvent')),
  }),
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
    items: list(
      object({
        event: reference('AnyEvent'),
        state: { description: 'After the event.' },
        changed: list(reference('Change')),
      }),
    ),
  }),
  State: object({ stream: text, revision: number, state: anything }),
  Change: object({
    path: {
      type: 'string',
      description: 'Of the value that is another one, such as `lines.0.quantity`; empty: the whole.',
    },
    before: { description: 'Null: there was nothing.' },
    after: { description: 'Null: there is nothing any more.' },
  }),
  LoggedCommand: object(
    {
      tenant: { type: 'string', description: 'Only where commands of all tenants are read.' },
      sequence: number,
      ...command,
      payload: anything,
      reads: {
        type: 'object',
        description:
          'What the decision read: streams at revisions, rules by entry, externals by their calls.',
      },
      position: { type: ['integer', 'null'], description: 'Of its first event.' },
      events: { type: 'integer', minimum: 0, description: 'How many events it made.' },
    },
    ['tenant'],
  ),
  CatalogQuery: object({
    name: text,
    description: textOrNull,
    context: text,
    input: {
      type: ['object', 'null'],
      description: 'JSON Schema; null where the schema’s library gives none.',
    },
    output: { type: ['object', 'null'], description: 'JSON Schema; null where there is none.' },
  }),
  CommandLogPage: object({ commands: list(reference('LoggedCommand')), scannedTo: count }),
  Trace: object({
    correlationId: text,
    events: list(reference('AnyEvent')),
    commands: list(object({ ...command, stream: textOrNull })),
  }),
  RuleEntry: ruleEntry,
  RuleList: object({
    rules: list(
      object({
        name: text,
        description: textOrNull,
        timeZone: { type: 'string', description: 'In which its dates without an offset are meant.' },
        entries: list(reference('RuleEntry')),
        inForce: { anyOf: [reference('RuleEntry'), { type: 'null' }] },
      }),
    ),
  }),
  SnapshotList: object({
    aggregates: list(
      object({
        aggregate: text,
        every: { type: ['integer', 'null'], minimum: 1, description: 'After so many events of a stream.' },
        at: { type: ['string', 'null'], description: 'Every day at this time.' },
        taken: count,
        used: { ...count, description: 'Streams that were loaded from one.' },
        outdated: { ...count, description: 'Ignored: other code or other rules had made them.' },
        untrusted: { ...count, description: 'Ignored: the log does not have the event they stand on.' },
        skipped: { ...count, description: 'Not taken because too many were waiting.' },
        failed: count,
        error: {
          description: 'Why none are taken any more; null: they are.',
          anyOf: [object({ code: text, message: text }), { type: 'null' }],
        },
      }),
    ),
  }),
  ImageList: object({
    images: list(
      object({
        name: text,
        status: { enum: ['loading', 'ready', 'failed', 'stopped'] },
        position: count,
        head: count,
        lag: object({ events: count }),
        entries: count,
        loadedFrom: { ...count, description: 'The position of the snapshot that it began with; 0: none.' },
        savedAt: { ...count, description: 'The position of the last snapshot; 0: none.' },
        startedIn: {
          type: ['number', 'null'],
          description: 'Milliseconds until it was there; null: not yet.',
        },
        error: { anyOf: [object({ code: text, message: text }), { type: 'null' }] },
      }),
    ),
  }),
  ...processorSchemas,
  ...externalSchemas,
  ViewList: object({
    views: list(
      object({
        name: text,
        lifecycle: { enum: ['async', 'inline', 'live'] },
        events: list(text),
        indexes: list(text),
        search: list(text),
        position: count,
        lag,
        version: { type: ['integer', 'null'] },
        code: { enum: ['same', 'changed', 'superseded', null] },
        rebuild: { anyOf: [reference('RebuildProgress'), { type: 'null' }] },
      }),
    ),
  }),
  RebuildProgress: rebuildProgress,
  ViewVersionList: viewVersionList,
  ...debugSchemas,
}

/** All schemas of a document: those on the wire, and those of the app’s commands, events and documents. */
export function componentSchemas(catalog: Catalog): Record<string, Schema> {
  const components = new Map(Object.entries(fixed))
  for (const { name, schema } of catalog.commands) addSchema(components, commandSchema(name), schema)
  for (const { name, input, output } of catalog.queries) {
    addSchema(components, querySchema(name), input)
    addSchema(components, answerSchema(name), output ?? {})
  }
  for (const { name, schema, description } of catalog.events) {
    addSchema(components, eventDataSchema(name), schema)
    components.set(eventSchema(name), {
      ...(description !== null && { description }),
      ...asObject(object(envelopeFields({ const: name }, reference(eventDataSchema(name))), rareFields)),
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

export function querySchema(name: string): string {
  return `Query.${name}`
}

export function answerSchema(query: string): string {
  return `Answer.${query}`
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
