import { list, object, reference, type Schema } from './json-schema.ts'

const text: Schema = { type: 'string' }
const textOrNull: Schema = { type: ['string', 'null'] }
const count: Schema = { type: 'integer', minimum: 0 }
const position: Schema = { type: 'integer', minimum: 1 }
const time: Schema = { type: 'string', format: 'date-time' }

const act = { actor: textOrNull, why: textOrNull, at: time }

const parkedEvent = {
  tenant: text,
  sequence: { type: 'string', description: 'The key by which it waits: a stream, or a view’s key.' },
  position,
  attempts: { ...count, description: 'How often it was tried; 0: it waits behind another.' },
  error: textOrNull,
  parkedAt: time,
}

/** What is said of processors, and of what they had to leave aside. */
export const processorSchemas: Readonly<Record<string, Schema>> = {
  ProcessorSummary: object({
    name: text,
    kind: { enum: ['view', 'subscription'] },
    status: { enum: ['starting', 'running', 'standby', 'paused', 'outdated', 'failed', 'stopped'] },
    position: count,
    head: count,
    lag: object({ events: count, seconds: { type: 'number', minimum: 0 } }),
    parked: count,
    error: textOrNull,
    paused: { anyOf: [object(act), { type: 'null' }] },
    partitions: list(object({ first: count, last: count, position: count, owner: textOrNull })),
  }),
  ProcessorList: object({ processors: list(reference('ProcessorSummary')) }),
  ParkedEvent: object({ ...parkedEvent, isEdited: { type: 'boolean' } }),
  ParkedSequence: object({
    ...parkedEvent,
    events: { ...count, description: 'No more than 10,000 are counted.' },
    isAsked: { type: 'boolean', description: 'It will be tried again.' },
  }),
  ParkedEventDetail: object({
    ...parkedEvent,
    isEdited: { type: 'boolean' },
    event: reference('Envelope'),
    data: { description: 'What it is processed with: its own, or what it was edited to.' },
    edit: { anyOf: [object(act), { type: 'null' }] },
    behind: { ...count, description: 'How many of its sequence wait behind it.' },
  }),
  Reprocessing: object({
    id: text,
    processor: text,
    from: position,
    to: position,
    state: { enum: ['asked', 'done', 'cancelled'] },
    reached: { ...count, description: 'The last position that is done.' },
    actor: textOrNull,
    why: textOrNull,
    askedAt: time,
    endedAt: { type: ['string', 'null'], format: 'date-time' },
  }),
  ProcessingResult: object({
    tenant: text,
    sequence: text,
    processor: text,
    position,
    status: { enum: ['handled', 'failed', 'dropped'] },
    attempts: count,
    result: { description: 'What the handler returned.' },
    error: textOrNull,
    owner: text,
    at: time,
    actor: textOrNull,
    why: textOrNull,
    job: textOrNull,
  }),
  OperatorAct: object({ sequence: position, kind: text, ...act, details: {} }),
}
