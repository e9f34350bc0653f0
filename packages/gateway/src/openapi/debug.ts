import { list, object, reference, type Schema } from './json-schema.ts'
import {
  branchParameter,
  onBranchParameter,
  json,
  ofTenant,
  type Operation,
  pathParameter,
  positionSchema,
  problem,
  tenantParameter,
} from './parts.ts'

const text: Schema = { type: 'string' }
const anything: Schema = {}
const changed = list(reference('Change'))

/** What a session sends. */
export const debugSchemas = {
  DebugStep: object({
    event: reference('AnyEvent'),
    aggregate: {
      description: 'Null: no aggregate of the app has such streams.',
      anyOf: [
        object({ aggregate: text, stream: text, before: anything, after: anything, changed }),
        { type: 'null' },
      ],
    },
    documents: list(object({ view: text, key: text, before: anything, after: anything, changed })),
    heldBack: list(
      object({ subscription: text, when: { enum: ['in-transaction', 'after-commit', 'async'] } }),
    ),
  }),
  DebugSession: object({
    id: text,
    position: { ...positionSchema, description: 'Of the event at which it stands; 0: before the first one.' },
    head: positionSchema,
    step: {
      description: 'The event, and all that it changed; null: there was none to go to.',
      anyOf: [reference('DebugStep'), { type: 'null' }],
    },
  }),
} as const

const sessionId = pathParameter('id', 'Of the session.')
const session = json('Where it stands.', reference('DebugSession'))
const unknown = problem(
  'There is no such session, it was forgotten after half an hour without use, or its branch was dropped.',
  ['debug.unknown', 'branch.unknown'],
)
const notYet = problem('The log ends before the position.', ['time.not-yet'])
const place = [tenantParameter, branchParameter]

/** Debugging sessions: through recorded events, step by step, with all that each of them changed. */
export const debugPaths: Record<string, Record<string, Operation>> = {
  '/debug': {
    post: {
      operationId: 'beginDebugging',
      tags: ['log'],
      summary: 'Begins a session through the log, or a part of it. Nothing reacts to what it goes through.',
      parameters: [tenantParameter, onBranchParameter],
      requestBody: body({
        streams: list(text),
        types: list(text),
        correlation: text,
        from: positionSchema,
      }),
      responses: {
        ...ofTenant,
        '201': session,
        '400': problem('The body is not understood.', ['request.malformed', 'debug.invalid']),
        '404': problem('Nothing has the id that is to be gone through, or there is no such branch.', [
          'event.not-found',
          'branch.unknown',
        ]),
        '409': notYet,
        '503': problem('There are as many sessions as the server keeps.', ['debug.too-many']),
      },
    },
  },
  '/debug/{id}': {
    get: {
      operationId: 'readDebugging',
      tags: ['log'],
      summary: 'Where a session stands, and what the event there changed.',
      parameters: [sessionId, ...place],
      responses: { ...ofTenant, '200': session, '404': unknown },
    },
    delete: {
      operationId: 'endDebugging',
      tags: ['log'],
      summary: 'Ends a session.',
      parameters: [sessionId, ...place],
      responses: { ...ofTenant, '204': { description: 'It is ended.' }, '404': unknown },
    },
  },
  '/debug/{id}/step': {
    post: {
      operationId: 'stepDebugging',
      tags: ['log'],
      summary:
        'Goes on: one event, to a position, to an event of a type, or until a condition on a state holds.',
      parameters: [sessionId, ...place],
      requestBody: body({
        direction: { enum: ['forward', 'back'], default: 'forward' },
        to: positionSchema,
        type: text,
        until: object(
          {
            stream: text,
            path: text,
            operator: { enum: ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'prefix'], default: 'eq' },
            value: {},
          },
          ['stream', 'operator'],
        ),
      }),
      responses: { ...ofTenant, '200': session, '404': unknown, '409': notYet },
    },
  },
}

function body(properties: Readonly<Record<string, Schema>>): object {
  const schema = object(properties, Object.keys(properties))
  return { required: false, content: { 'application/json': { schema } } }
}
