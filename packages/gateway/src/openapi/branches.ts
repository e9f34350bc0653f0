import { list, object, type Schema } from './json-schema.ts'
import {
  branchParameter,
  json,
  limitParameter,
  noBranch,
  ofTenant,
  type Operation,
  pathParameter,
  positionSchema,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'

const text: Schema = { type: 'string' }
const time: Schema = { type: 'string', format: 'date-time' }
const count: Schema = { type: 'integer', minimum: 0 }

const fields = {
  name: text,
  from: { type: 'string', description: 'The branch that it begins on, or `main`.' },
  base: { type: 'integer', minimum: 0, description: 'The last position that it has of that one.' },
  basedAt: {
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When what stands there was recorded.',
  },
  head: count,
  now: { type: 'string', format: 'date-time', description: 'What time it is there.' },
  actor: { type: ['string', 'null'] },
  createdAt: time,
}
const branch = object(fields)
const blocked = object({
  external: text,
  caller: object({ kind: text, name: text, id: text, series: text }),
  why: text,
  at: time,
})

const name = pathParameter('name', 'Its name.')
const invalid = problem('It is no name, place or time.', [
  'branch.invalid',
  'request.malformed',
  'request.unsupported',
  'tenant.invalid-name',
  'tenant.required',
])

function act(operationId: string, summary: string, parts: Partial<Operation> & Pick<Operation, 'responses'>) {
  return {
    operationId,
    tags: ['log'],
    summary,
    parameters: [name, tenantParameter, branchParameter],
    ...parts,
    responses: { ...ofTenant, ...parts.responses },
  } satisfies Operation
}

function body(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []) {
  return { required: true, content: { 'application/json': { schema: object(properties, optional) } } }
}

/** `/branches` and what is below it. */
export const branchPaths: Record<string, object> = {
  '/branches': {
    get: act('listBranches', 'Branches of the log, by their names.', {
      parameters: [
        queryParameter('after', 'The name of the last one of the page before.', text),
        limitParameter('branches'),
        tenantParameter,
        branchParameter,
      ],
      responses: { '200': json('A page.', object({ branches: list(branch) })) },
    }),
    post: act('createBranch', 'Begin a branch: what the log would be like from some place on.', {
      parameters: [tenantParameter, branchParameter],
      requestBody: body(
        {
          name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' },
          from: { type: 'string', description: 'The branch to begin on.', default: 'main' },
          at: {
            anyOf: [positionSchema, time],
            description:
              'A position, or a time up to which everything counts that had been recorded. Default: its end.',
          },
        },
        ['from', 'at'],
      ),
      responses: {
        '201': json('It is there.', branch),
        '400': invalid,
        '404': noBranch,
        '409': problem('There is one of this name already.', ['branch.taken', 'time.not-yet']),
      },
    }),
  },
  '/branches/{name}': {
    get: act('readBranch', 'A branch, and which calls to the outside this server did not make on it.', {
      responses: {
        '200': json('The branch.', object({ ...fields, blocked: list(blocked) })),
        '400': invalid,
        '404': noBranch,
      },
    }),
    delete: act('dropBranch', 'Forget a branch and all that is on it.', {
      responses: {
        '204': { description: 'It is gone.' },
        '400': invalid,
        '404': noBranch,
        '409': problem('Others begin on it.', ['branch.has-branches']),
      },
    }),
  },
  '/branches/{name}/clock': {
    post: act('moveBranchClock', 'Move the clock of a branch: it goes on from there.', {
      requestBody: body({ now: time }),
      responses: { '200': json('The branch.', branch), '400': invalid, '404': noBranch },
    }),
  },
}
