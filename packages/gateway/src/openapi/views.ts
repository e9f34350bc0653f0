import type { Catalog } from '@headwater/core'
import { reference, type Schema } from './json-schema.ts'
import {
  always,
  branchParameter,
  contentTag,
  ifNoneMatch,
  json,
  limitParameter,
  notModified,
  type Operation,
  type Parameter,
  pathParameter,
  positionSchema,
  problem,
  queryParameter,
} from './parts.ts'
import { documentSchema, list, object } from './wire-schemas.ts'

const scalar: Schema = { type: ['string', 'number', 'boolean', 'null'] }

const filter: Parameter = {
  name: 'filter',
  in: 'query',
  style: 'deepObject',
  explode: true,
  description:
    '`filter[country]=UK` is equality, `filter[total][gte]=5` compares; the operators are eq, ne, gt, gte, lt, lte, in (values ' +
    'separated by commas) and prefix. Names are paths into the document, such as `address.city`; `$key` is the key. A JSON ' +
    'number, `true` or `false` equals that value and its text; `null` equals what is null or missing; in double quotes it is ' +
    'always text.',
  schema: {
    type: 'object',
    additionalProperties: {
      anyOf: [
        scalar,
        {
          type: 'object',
          properties: Object.fromEntries(
            ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'prefix'].map((name) => [name, scalar]),
          ),
          additionalProperties: false,
        },
      ],
    },
  },
}

type CatalogView = Catalog['contexts'][number]['views'][number]

/** Two paths per view, and the list of views. */
export function viewPaths(
  catalog: Catalog,
  longestWait: number,
  waitTime: number,
): Record<string, Record<string, Operation>> {
  const waiting = [
    queryParameter(
      'waitFor',
      'Answer when the view shows this position: that of a command’s answer, to read your own writes.',
      positionSchema,
    ),
    queryParameter('timeout', 'Milliseconds to wait at most (504 after that).', {
      type: 'integer',
      minimum: 0,
      maximum: longestWait,
      default: waitTime,
    }),
  ]
  const views = catalog.contexts.flatMap(({ name: context, views: own }) =>
    own.map((view) => ({ context, view })),
  )
  const paths = views.flatMap(({ context, view }) => [
    [`/views/${view.name}`, { get: listOperation(context, view, waiting) }] as const,
    [`/views/${view.name}/{key}`, { get: documentOperation(context, view, waiting) }] as const,
  ])
  return { '/views': { get: summaries }, ...Object.fromEntries(paths) }
}

const summaries: Operation = {
  operationId: 'listViews',
  tags: ['operation'],
  summary: 'All views, and how far behind the log they are.',
  parameters: [branchParameter],
  responses: { ...always, '200': json('The views.', reference('ViewList')) },
}

const late = problem('The view did not get there in time.', ['view.wait-timeout'])

function itemOf(view: CatalogView): Schema {
  return object({
    key: { type: 'string' },
    doc: reference(documentSchema(view.name)),
    position: { type: 'integer', description: 'Of the last event that the document shows.' },
  })
}

function listOperation(context: string, view: CatalogView, waiting: readonly Parameter[]): Operation {
  return {
    operationId: `list.${view.name}`,
    tags: [context],
    summary: `Documents of the view ${view.name}.`,
    description: [view.description, `Fast filters and sorting: ${view.indexes.join(', ') || 'by key only'}.`]
      .filter(Boolean)
      .join(' '),
    parameters: [
      filter,
      queryParameter(
        'sort',
        'Paths separated by commas, a minus for downwards: `-total,name`. Default: by key.',
        { type: 'string' },
      ),
      limitParameter('documents'),
      queryParameter('cursor', 'From the page before, with the same filter and sort.', { type: 'string' }),
      ...waiting,
      branchParameter,
    ],
    responses: {
      ...always,
      '200': json(
        'A page; `cursor` is null on the last one.',
        object({ items: list(itemOf(view)), cursor: { type: ['string', 'null'] } }),
      ),
      '400': problem('The query is not understood.', [
        'request.malformed',
        'request.unsupported',
        'view.invalid-query',
      ]),
      '504': late,
    },
  }
}

function documentOperation(context: string, view: CatalogView, waiting: readonly Parameter[]): Operation {
  return {
    operationId: `get.${view.name}`,
    tags: [context],
    summary: `A document of the view ${view.name} by its key.`,
    parameters: [
      pathParameter('key', 'The document’s key, percent-encoded.'),
      ...waiting,
      ifNoneMatch,
      branchParameter,
    ],
    responses: {
      ...always,
      '200': json('The document.', itemOf(view), contentTag),
      '304': notModified,
      '404': problem('There is no document of this key.', ['view.not-found']),
      '504': late,
    },
  }
}
