import { list, object, reference, type Schema } from './json-schema.ts'
import {
  allTenantsParameter,
  branchParameter,
  json,
  limitParameter,
  ofTenant,
  type Operation,
  pathParameter,
  positionSchema,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'

const external = pathParameter('name', 'The external’s name.')

/** What was called in the world outside. */
export const externalPaths: Record<string, Record<string, Operation>> = {
  '/externals': {
    get: {
      operationId: 'listExternals',
      tags: ['operation'],
      summary:
        'What is called in the world outside: how far it reaches, how often, and which calls were blocked.',
      parameters: [allTenantsParameter, tenantParameter, branchParameter],
      responses: { ...ofTenant, '200': json('The externals.', reference('ExternalList')) },
    },
  },
  '/externals/{name}/calls': {
    get: {
      operationId: 'listExternalCalls',
      tags: ['operation'],
      summary: 'The journal of an external: its calls, the last first.',
      parameters: [
        external,
        queryParameter('status', 'Only those that came to this.', {
          enum: ['intended', 'answered', 'failed', 'blocked'],
        }),
        queryParameter('caller', 'Only those of this command or event, by its id.', { type: 'string' }),
        queryParameter('before', 'Only those before this place in the journal.', positionSchema),
        limitParameter('calls'),
        allTenantsParameter,
        tenantParameter,
        branchParameter,
      ],
      responses: {
        ...ofTenant,
        '200': json(
          'Its calls; of those with a long request or answer only the size.',
          reference('ExternalCalls'),
        ),
        '404': problem('There is no such external.', ['external.unknown']),
      },
    },
  },
  '/externals/{name}/calls/{sequence}': {
    get: {
      operationId: 'readExternalCall',
      tags: ['operation'],
      summary: 'A call with all that is journaled of it.',
      parameters: [
        external,
        pathParameter('sequence', 'Its place in the journal.'),
        allTenantsParameter,
        tenantParameter,
        branchParameter,
      ],
      responses: {
        ...ofTenant,
        '200': json('The call.', reference('ExternalCall')),
        '404': problem('There is no such external, or no such call.', [
          'external.unknown',
          'external.call-unknown',
        ]),
      },
    },
  },
}

const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer', minimum: 0 }
const time: Schema = { type: 'string', format: 'date-time' }
const anything: Schema = {}
const tenant: Schema = { type: 'string', description: 'Only where calls of all tenants are read.' }

export const externalSchemas: Readonly<Record<string, Schema>> = {
  ExternalCaller: object({
    kind: { enum: ['command', 'reaction', 'query'] },
    name: { type: 'string', description: 'Of the type of the command or query, or of the subscription.' },
    id: { type: 'string', description: 'Of the command, of the event that is reacted to, or of the asking.' },
    series: { type: 'string', description: 'Not empty where an event is deliberately handled again.' },
  }),
  ExternalList: object({
    externals: list(
      object({
        name: text,
        description: { type: ['string', 'null'] },
        mode: { enum: ['live', 'recorded', 'replayed', 'blocked'] },
        timeLimit: { type: 'number', description: 'Milliseconds, of each attempt.' },
        retries: count,
        keepFor: { type: ['number', 'null'], description: 'Milliseconds; null: for good.' },
        counts: object({
          answered: count,
          failed: count,
          replayed: { ...count, description: 'Answered by the journal.' },
          blocked: count,
          attempts: { ...count, description: 'At reaching the outside.' },
          underway: count,
          milliseconds: { type: 'number', minimum: 0 },
        }),
      }),
    ),
    blocked: {
      description: 'Calls that this process did not make, the last first.',
      ...asObject(
        list(
          object({ tenant, external: text, caller: reference('ExternalCaller'), why: text, at: time }, [
            'tenant',
          ]),
        ),
      ),
    },
  }),
  ExternalCall: object(
    {
      tenant,
      sequence: { type: 'integer', minimum: 1, description: 'Its place in the journal.' },
      external: text,
      caller: reference('ExternalCaller'),
      number: { type: 'integer', minimum: 1, description: 'The n-th call of its caller with this request.' },
      status: { enum: ['intended', 'answered', 'failed', 'blocked'] },
      request: anything,
      answer: anything,
      requestSize: count,
      answerSize: count,
      error: { anyOf: [object({ code: text, message: text }), { type: 'null' }] },
      attempts: count,
      idempotencyKey: { type: 'string', description: 'What was sent along.' },
      intendedAt: time,
      settledAt: { type: ['string', 'null'], format: 'date-time' },
    },
    ['tenant', 'request', 'answer'],
  ),
  ExternalCalls: object({ calls: list(reference('ExternalCall')) }),
}

function asObject(schema: Schema): Record<string, unknown> {
  return typeof schema === 'boolean' ? {} : schema
}
