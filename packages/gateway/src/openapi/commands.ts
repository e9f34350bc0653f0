import type { Catalog, CatalogCommand } from '@headwater/core'
import { reference } from './json-schema.ts'
import {
  always,
  onBranchParameter,
  headerParameter,
  json,
  allTenantsParameter,
  limitParameter,
  noBranch,
  ofTenant,
  type Operation,
  positionSchema,
  problem,
  queryParameter,
  revisionTag,
  tenantParameter,
} from './parts.ts'
import { commandSchema } from './wire-schemas.ts'

const commandHeaders = [
  headerParameter(
    'Idempotency-Key',
    'The command’s id: a command is decided once, a repeat gets the first answer. Send one to be able to repeat safely.',
    { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]([ -~]*[!-~])?$' },
  ),
  headerParameter(
    'If-Match',
    'Decide on this revision of the stream, or not at all (412). 0: the stream is empty.',
    {
      type: 'string',
      pattern: '^"\\d+"$',
      examples: ['"3"'],
    },
  ),
  headerParameter(
    'correlation-id',
    'What the command belongs to. Default: the trace id of traceparent, else the command’s own id.',
    { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]([ -~]*[!-~])?$' },
  ),
  headerParameter('traceparent', 'W3C Trace Context; an invalid one is ignored.', { type: 'string' }),
]

/** One path per command type. */
export function commandPaths(catalog: Catalog): Record<string, object> {
  return Object.fromEntries(
    catalog.commands.map((command) => [`/commands/${command.name}`, { post: operation(command) }]),
  )
}

function operation({ name, description, context, aggregate }: CatalogCommand): Operation {
  return {
    operationId: name,
    tags: [context],
    summary: `Sends ${name} to ${aggregate}.`,
    ...(description !== null && { description }),
    parameters: [...commandHeaders, tenantParameter, onBranchParameter],
    requestBody: {
      required: true,
      description: 'The command’s data.',
      content: { 'application/json': { schema: reference(commandSchema(name)) } },
    },
    responses: {
      ...always,
      '200': json('It was accepted, and what followed is on disk.', reference('Accepted'), revisionTag),
      '400': problem(
        'The data does not match the schema (`errors` has a pointer per fault), or the request is not well-formed.',
        [
          'command.invalid',
          'request.malformed',
          'request.too-deep',
          'request.unsupported',
          'stream.invalid-name',
          'tenant.invalid-name',
          'tenant.required',
        ],
      ),
      '403': problem('The actor may not send this command, or not to this tenant.', [
        'command.forbidden',
        'tenant.forbidden',
      ]),
      '404': noBranch,
      '409': problem(
        'The stream kept moving while the command was decided: send it again. Or it may not ask the world outside here.',
        [
          'command.conflict',
          'external.blocked',
          'log.condition-failed',
          'log.conflict',
          'log.document-conflict',
        ],
      ),
      '412': problem(
        'The stream is not at the revision of If-Match.',
        ['command.revision-mismatch'],
        revisionTag,
      ),
      '413': problem('The body is too large.', ['request.too-large']),
      '415': problem('The body is not JSON in UTF-8.', ['request.unsupported-media-type']),
      '422': {
        description:
          'The domain rejected it (`rejected: true`), or its id was used for another payload or actor, or its handler keeps tables, which a branch has not.',
        content: {
          'application/problem+json': {
            schema: {
              anyOf: [
                reference('RejectedProblem'),
                {
                  allOf: [
                    reference('Problem'),
                    {
                      type: 'object',
                      properties: { code: { enum: ['branch.main-only', 'command.id-reused'] } },
                    },
                  ],
                },
              ],
            },
          },
        },
      },
      '502': problem('What it asked of the world outside failed.', [
        'external.failed',
        'external.invalid-answer',
        'external.too-large',
      ]),
      '504': problem('What it asked of the world outside had no answer in time.', ['external.timeout']),
    },
  }
}

/** `GET /commands`. */
export const commandLogPath: Record<string, object> = {
  '/commands': {
    get: {
      operationId: 'listCommands',
      tags: ['log'],
      summary: 'The commands that were decided, accepted or rejected, in the order of decisions.',
      parameters: [
        queryParameter('after', 'Sequence numbers above this one.', { ...positionSchema, default: 0 }),
        limitParameter('commands'),
        allTenantsParameter,
        tenantParameter,
        onBranchParameter,
      ],
      responses: {
        ...ofTenant,
        '404': noBranch,
        '200': json('A page; go on after `scannedTo`.', reference('CommandLogPage')),
      },
    } satisfies Operation,
  },
}
