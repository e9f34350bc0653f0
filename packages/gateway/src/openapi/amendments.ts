import { object, reference, type Schema } from './json-schema.ts'
import {
  onBranchParameter,
  headerParameter,
  json,
  ofTenant,
  type Operation,
  pathParameter,
  problem,
  tenantParameter,
} from './parts.ts'

const text: Schema = { type: 'string', minLength: 1, maxLength: 512 }
const why: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 1_000,
  description: 'Recorded with who says so, and shown wherever the amendment shows.',
}
const eventId = pathParameter('id', 'The event’s id, percent-encoded.')
const headers = [
  headerParameter(
    'Idempotency-Key',
    'The id of the amendments: with it they are recorded once, however often they are sent.',
    { type: 'string', minLength: 1, maxLength: 200 },
  ),
  headerParameter(
    'correlation-id',
    'What they belong to. Default: the trace id of traceparent, else their own id.',
    { type: 'string', minLength: 1, maxLength: 200 },
  ),
  headerParameter('traceparent', 'W3C Trace Context; an invalid one is ignored.', { type: 'string' }),
]

const content: Record<string, Schema> = {
  type: { ...text, description: 'The event’s type; of a correction, default: that of the event.' },
  version: { type: 'integer', minimum: 1, description: 'Of the schema of `data`; default: the current one.' },
  data: { description: 'What the event says.' },
  occurredAt: { type: 'string', format: 'date-time', description: 'Default: when the event occurred.' },
}
const optional = ['version', 'occurredAt']

function body(properties: Readonly<Record<string, Schema>>, not: readonly string[] = []): object {
  return { required: true, content: { 'application/json': { schema: object({ why, ...properties }, not) } } }
}

const responses = {
  ...ofTenant,
  '200': json('What was recorded.', reference('Amendments')),
  '404': problem('There is no such event.', ['branch.unknown', 'event.not-found']),
  '409': problem('The streams kept moving.', ['log.conflict']),
  '413': problem('The body is too large.', ['request.too-large']),
  '415': problem('The body is not JSON in UTF-8.', ['request.unsupported-media-type']),
  '422': problem('It can’t be amended so; nothing was recorded.', [
    'amendment.invalid',
    'amendment.unfoldable',
    'command.id-reused',
    'subscription.vetoed',
  ]),
}

function amend(operationId: string, summary: string, requestBody: object): Record<string, Operation> {
  const parameters = [eventId, ...headers, tenantParameter, onBranchParameter]
  return { post: { operationId, tags: ['log'], summary, parameters, requestBody, responses } }
}

/** One of those that an amendment makes. */
export const edit: Schema = {
  oneOf: [
    object({ omit: text }),
    object({ restore: text }),
    object({ replace: object({ event: text, ...content }, ['type', ...optional]) }),
    object({
      insert: {
        description: 'Behind the event `after`, or as the first one of `stream`.',
        allOf: [object({ after: text, stream: text, ...content }, ['after', 'stream', ...optional])],
      },
    }),
  ],
}

const reverted = {
  ...responses,
  '200': json('What is taken back, and what was recorded for it.', reference('Reversal')),
  '404': problem('There is nothing of this id.', ['branch.unknown', 'event.not-found']),
  '409': problem('A stream went on meanwhile; what was done so far stays.', ['revert.moved']),
  '422': problem('It can’t be taken back.', ['revert.lacking', 'revert.too-many', 'subscription.vetoed']),
}
const dryRun: Schema = { type: 'boolean', default: false, description: 'Only say what it would take.' }
const position = { type: 'integer', minimum: 0 }
const reversalHeaders = [...headers.slice(1), tenantParameter, onBranchParameter]

function revert(
  operationId: string,
  summary: string,
  parameters: Operation['parameters'],
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[],
): Record<string, Operation> {
  const requestBody = body({ ...properties, dryRun }, ['why', 'dryRun', ...optional])
  return {
    post: {
      operationId,
      tags: ['log'],
      summary,
      ...(parameters && { parameters }),
      requestBody,
      responses: reverted,
    },
  }
}

/** Facts about what was recorded. */
export const amendmentPaths: Record<string, Record<string, Operation>> = {
  '/events/{id}/ignore': amend('ignoreEvent', 'Say that an event counts no more.', body({})),
  '/events/{id}/correct': amend(
    'correctEvent',
    'Say what should have been recorded in the place of an event.',
    body(content, ['type', ...optional]),
  ),
  '/events/{id}/restore': amend('restoreEvent', 'Take back what amendments have said of an event.', body({})),
  '/events/{id}/insert': amend(
    'insertEvent',
    'Say what should have been recorded right behind an event.',
    body(content, optional),
  ),
  '/streams/{stream}/revert': revert(
    'revertStream',
    'Take back all events of a stream behind a revision, by further ones.',
    [pathParameter('stream', 'The stream’s name, percent-encoded.'), ...reversalHeaders],
    { to: { ...position, description: 'The revision of the last event that stays.' } },
    [],
  ),
  '/revert': revert(
    'revert',
    'Take back all that something caused, or all events behind a position, by further ones.',
    reversalHeaders,
    { causedBy: text, position: { ...position, description: 'Of the last event that stays.' } },
    ['causedBy', 'position'],
  ),
  '/amendments': {
    post: {
      operationId: 'amend',
      tags: ['log'],
      summary: 'Amend up to 1,000 events, all of them or none.',
      parameters: [...headers, tenantParameter, onBranchParameter],
      requestBody: body({ edits: { type: 'array', items: edit, minItems: 1, maxItems: 1_000 } }),
      responses,
    },
  },
}
