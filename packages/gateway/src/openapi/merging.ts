import { edit } from './amendments.ts'
import { list, object, reference, type Schema } from './json-schema.ts'
import {
  branchParameter,
  headerParameter,
  json,
  ofTenant,
  type Operation,
  pathParameter,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'

const text = { type: 'string' }
const textOrNull = { type: ['string', 'null'] }
const count = { type: 'integer', minimum: 0 }
const id: Schema = { type: 'string', minLength: 1, maxLength: 512 }
const why: Schema = { type: 'string', minLength: 1, maxLength: 1_000, description: 'Recorded with it.' }
const events = list(reference('AnyEvent'))

const name = pathParameter('name', 'The branch’s name.')
const key = headerParameter('Idempotency-Key', 'With it, it is done once, however often it is sent.', {
  type: 'string',
  minLength: 1,
  maxLength: 200,
})

const notThere = { description: 'Missing: there is none on that side.' }
const side = { enum: ['branch', 'against'] }
const changes = list(reference('Change'))
const commandSide = object(
  {
    status: { enum: ['accepted', 'rejected'] },
    reason: { description: 'Why it was rejected.' },
    events: list(object({ type: text, stream: text, data: {} })),
  },
  ['reason'],
)

export const difference = object({
  branch: text,
  against: text,
  common: { ...count, description: 'Up to this position they are one.' },
  isWhole: {
    type: 'boolean',
    description: 'False: there is more than was compared, and the lists end early.',
  },
  events: list(
    object(
      {
        side,
        kind: { enum: ['recorded', 'omitted', 'replaced', 'inserted', 'restored'] },
        id: { ...textOrNull, description: 'Of the event that it is about; null: the stream’s beginning.' },
        stream: text,
        position: count,
        event: {
          description: 'As it stands on that side; missing: it doesn’t.',
          allOf: [reference('AnyEvent')],
        },
        why: { type: 'string', description: 'Why the past was amended.' },
        actor: textOrNull,
      },
      ['event', 'why'],
    ),
  ),
  streams: list(
    object(
      {
        stream: text,
        only: object({ branch: count, against: count }),
        states: {
          description: 'Missing: the app defines no aggregate for it.',
          allOf: [object({ branch: {}, against: {} })],
        },
        changes,
      },
      ['states'],
    ),
  ),
  documents: list(
    object({ view: text, key: text, branch: notThere, against: notThere, changes }, ['branch', 'against']),
  ),
  commands: list(
    object(
      {
        id: text,
        type: text,
        payload: {},
        branch: { ...notThere, allOf: [commandSide] },
        against: { ...notThere, allOf: [commandSide] },
      },
      ['branch', 'against'],
    ),
  ),
  notCompared: list(object({ view: text, why: text })),
})

const step = object({
  id: text,
  kind: { enum: ['append', 'amend'] },
  command: { ...textOrNull, description: 'Its type; null: it was a direct append.' },
  streams: list(text),
  events,
})
const decided = object({ id: text, status: { enum: ['accepted', 'rejected'] }, reason: {} }, ['reason'])
const plan = object({
  branch: text,
  into: text,
  steps: list(step),
  decide: list(step),
  left: list(step),
  conflicts: list(
    object({
      stream: text,
      kind: { enum: ['moved', 'amended', 'cut', 'decided'] },
      steps: list(text),
      mine: events,
      theirs: events,
      decided: list(decided),
    }),
  ),
  merged: { ...count, description: 'How many steps were merged before.' },
})
const outcome = object({
  id: text,
  position: { ...count, description: 'Of the last event that it recorded, for `waitFor`.' },
  steps: list(text),
  left: list(text),
  decided: list(decided),
})

const resolution = { enum: ['mine', 'theirs', 'decide'] }

function body(schema: Schema): object {
  return { required: true, content: { 'application/json': { schema } } }
}

function act(operationId: string, summary: string, parts: Pick<Operation, 'responses'> & Partial<Operation>) {
  return {
    operationId,
    tags: ['log'],
    summary,
    ...parts,
    parameters: [name, ...(parts.parameters ?? []), tenantParameter, branchParameter],
    responses: { ...ofTenant, ...parts.responses },
  } satisfies Operation
}

const badName = problem('It is no name, or the request is not understood.', [
  'branch.invalid',
  'request.malformed',
  'request.unsupported',
  'tenant.invalid-name',
  'tenant.required',
])
const tooLarge = problem('The body is too large.', ['request.too-large'])
const noJson = problem('The body is not JSON in UTF-8.', ['request.unsupported-media-type'])

/** What is compared, amended and merged, below `/branches/{name}`. */
export const mergingPaths: Record<string, Record<string, Operation>> = {
  '/branches/{name}/diff': {
    get: act('diffBranch', 'What differs between a branch and another history, with what came of it.', {
      parameters: [
        queryParameter('against', 'A branch, or `main`. Default: what the branch began on.', text),
        queryParameter(
          'views',
          'The views whose documents are compared, separated by commas. Default: all.',
          text,
        ),
        queryParameter('limit', 'So many events of each side are compared at most.', {
          type: 'integer',
          minimum: 1,
          maximum: 1_000,
          default: 1_000,
        }),
      ],
      responses: {
        '200': json('What differs.', difference),
        '400': badName,
        '404': problem('There is no such branch or view.', ['branch.unknown', 'view.unknown']),
      },
    }),
  },
  '/branches/{name}/amendments': {
    post: act('amendBranch', 'Omit, replace, insert or restore an event, or several, on a branch alone.', {
      parameters: [key],
      requestBody: body({
        description: 'One edit with its `why`, or several: `{edits, why}`.',
        anyOf: [
          { allOf: [object({ why }), edit] },
          object({ why, edits: { type: 'array', items: edit, minItems: 1, maxItems: 1_000 } }),
        ],
      }),
      responses: {
        '200': json('What was recorded.', reference('Amendments')),
        '400': badName,
        '404': problem('There is no such branch or event.', ['branch.unknown', 'event.not-found']),
        '409': problem('The streams kept moving.', ['log.conflict']),
        '413': tooLarge,
        '415': noJson,
        '422': problem('It can’t be amended so; nothing was recorded.', [
          'amendment.invalid',
          'amendment.unfoldable',
          'command.id-reused',
          'subscription.vetoed',
        ]),
      },
    }),
  },
  '/branches/{name}/merge': {
    post: act('mergeBranch', 'Take over what a branch has recorded, all of it or none; first the plan.', {
      parameters: [key],
      requestBody: body(
        object(
          {
            dryRun: { type: 'boolean', default: false, description: 'Only the plan; `why` is not needed.' },
            why,
            resolve: {
              description: 'What becomes of conflicts: of all, or by stream.',
              anyOf: [resolution, { type: 'object', additionalProperties: resolution, maxProperties: 1_000 }],
            },
            only: {
              type: 'array',
              items: id,
              maxItems: 1_000,
              description: 'Ids of commands or events; nothing else is merged.',
            },
          },
          ['dryRun', 'why', 'resolve', 'only'],
        ),
      ),
      responses: {
        '200': json('What was merged; with `dryRun` the plan.', { anyOf: [plan, outcome] }),
        '400': badName,
        '403': problem('The sender may not merge it, or not reach this tenant.', [
          'merge.refused',
          'tenant.forbidden',
        ]),
        '404': problem('There is no such branch, or nothing recorded under an id.', [
          'branch.unknown',
          'merge.unknown-step',
        ]),
        '409': problem(
          'Both sides moved: `data.conflicts` shows each with both sides. Nothing was recorded.',
          ['merge.conflict', 'merge.moved'],
        ),
        '413': tooLarge,
        '415': noJson,
        '422': problem('It is too much at a time, or the id was used.', [
          'merge.too-large',
          'command.id-reused',
        ]),
      },
    }),
  },
}
