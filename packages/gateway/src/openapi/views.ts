import type { Catalog } from '@headwater/core'
import { list, object, reference, type Schema } from './json-schema.ts'
import {
  always,
  atParameter,
  branchParameter,
  noBranch,
  onBranchParameter,
  onlyMain,
  contentTag,
  ifNoneMatch,
  json,
  knownParameter,
  limitParameter,
  notModified,
  ofTenant,
  type Operation,
  type Parameter,
  pathParameter,
  positionSchema,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'
import { documentSchema } from './wire-schemas.ts'

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

const refused = [
  'view.in-tables',
  // Of the past only.
  'time.not-yet',
]
const noDocuments =
  'The view is kept in tables, and has no documents; or the log ends before the position in `at`.'
const inTables = problem(noDocuments, refused)
const inTablesOrLarge = problem(
  `${noDocuments} Or all documents as of \`at\` are more than are held at once: read them by key.`,
  [...refused, 'time.too-large'],
)
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
        'search',
        view.search.length === 0
          ? 'This view can not be searched.'
          : `Words that all are in ${view.search.join(', ')}; of the last one its beginning is enough. Case and accents do not count.`,
        { type: 'string', maxLength: 1_000 },
      ),
      queryParameter(
        'sort',
        'Paths separated by commas, a minus for downwards: `-total,name`. Default: by key.',
        { type: 'string' },
      ),
      limitParameter('documents'),
      queryParameter('cursor', 'From the page before, with the same filter and sort.', { type: 'string' }),
      atParameter,
      knownParameter,
      ...waiting,
      tenantParameter,
      onBranchParameter,
    ],
    responses: {
      ...ofTenant,
      '200': json(
        'A page; `cursor` is null on the last one.',
        object({ items: list(itemOf(view)), cursor: { type: ['string', 'null'] } }),
      ),
      '400': problem('The query is not understood.', [
        'request.malformed',
        'request.unsupported',
        'tenant.invalid-name',
        'tenant.required',
        'view.invalid-query',
        'view.too-wide',
      ]),
      '404': noBranch,
      '409': inTablesOrLarge,
      '422': onlyMain,
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
      atParameter,
      knownParameter,
      ...waiting,
      ifNoneMatch,
      tenantParameter,
      onBranchParameter,
    ],
    responses: {
      ...ofTenant,
      '200': json('The document.', itemOf(view), contentTag),
      '304': notModified,
      '404': problem('There is no document of this key.', ['branch.unknown', 'view.not-found']),
      '409': inTables,
      '422': onlyMain,
      '504': late,
    },
  }
}
