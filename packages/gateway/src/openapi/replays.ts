import { list, object, type Schema } from './json-schema.ts'
import {
  branchParameter,
  json,
  noBranch,
  ofTenant,
  pathParameter,
  positionSchema,
  problem,
  tenantParameter,
} from './parts.ts'

const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer', minimum: 0 }
const outcome = (nullable: boolean): Schema => ({
  type: nullable ? ['object', 'null'] : 'object',
  description: '`{status, reason}`: accepted, rejected, or dropped as what caused it does not count.',
})

const decisions = object({
  from: {
    type: ['integer', 'null'],
    description: 'The position at which it began; null: nothing is amended.',
  },
  commands: object({ looked: count, decided: count, changed: count }),
  events: object({ omitted: count, replaced: count, inserted: count, restored: count }),
  outcomes: list(
    object({
      id: text,
      type: text,
      stream: { type: ['string', 'null'] },
      before: outcome(true),
      after: outcome(false),
      because: {
        type: 'object',
        description: 'What the command read, or what caused it, that is another one.',
      },
    }),
  ),
  undecided: list(object({ id: text, type: text, code: text, message: text })),
  heldBack: list(object({ subscription: text, event: text, type: text })),
  counts: object({ outcomes: count, undecided: count, heldBack: count }),
})

const report = object({
  mode: text,
  branch: text,
  position: { type: 'integer', minimum: 0, description: 'The last one of the branch.' },
  views: list(text),
  notFollowed: list(object({ view: text, why: text })),
  decisions: { anyOf: [decisions, { type: 'null' }] },
})

/** `/branches/{name}/replay`. */
export const replayPaths: Record<string, object> = {
  '/branches/{name}/replay': {
    post: {
      operationId: 'replayBranch',
      tags: ['log'],
      summary: 'Replay what is on a branch as amendments have made it: facts, or decisions.',
      parameters: [pathParameter('name', 'Its name.'), tenantParameter, branchParameter],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: object(
              {
                mode: { type: 'string', enum: ['facts', 'decisions'] },
                from: {
                  ...positionSchema,
                  description: 'Commands from there on; default: the first amendment.',
                },
                all: { type: 'boolean', default: false, description: 'Decide every command again.' },
              },
              ['from', 'all'],
            ),
          },
        },
      },
      responses: {
        ...ofTenant,
        '200': json('It is done.', report),
        '400': problem('It is no replay.', [
          'branch.invalid',
          'replay.invalid',
          'request.malformed',
          'request.unsupported',
          'tenant.invalid-name',
          'tenant.required',
        ]),
        '404': noBranch,
        '409': problem('Somebody else works on the branch.', ['replay.moved', 'replay.underway']),
      },
    },
  },
}
