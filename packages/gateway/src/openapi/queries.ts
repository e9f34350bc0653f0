import { type Catalog, type CatalogQuery, fieldsOf } from '@headwater/core'
import { asksByField, ownParameters } from '../queries.ts'
import { list, object, reference } from './json-schema.ts'
import {
  always,
  atParameter,
  branchParameter,
  onBranchParameter,
  onlyMain,
  contentTag,
  ifNoneMatch,
  json,
  notModified,
  type Operation,
  type Parameter,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'
import { answerSchema, querySchema } from './wire-schemas.ts'

const waitFor = queryParameter(
  'waitFor',
  'Every view that the query reads shows this position: that of a command’s answer, to read your own writes; `head`: all that is recorded.',
  { anyOf: [{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, { const: 'head' }] },
)

/** A path per query, and the list of queries. */
export function queryPaths(catalog: Catalog, longestWait: number): Record<string, Record<string, Operation>> {
  const timeout = queryParameter(
    'timeout',
    'Milliseconds to wait for the answer at most; default: the query’s own.',
    {
      type: 'integer',
      minimum: 1,
      maximum: longestWait,
    },
  )
  const paths = catalog.queries.map(
    (query) => [`/queries/${query.name}`, { get: operation(query, timeout) }] as const,
  )
  return { '/queries': { get: queries }, ...Object.fromEntries(paths) }
}

const queries: Operation = {
  operationId: 'listQueries',
  tags: ['operation'],
  summary: 'All queries, with the schemas of what they take and give.',
  parameters: [branchParameter],
  responses: {
    ...always,
    '200': json('The queries.', object({ queries: list(reference('CatalogQuery')) })),
  },
}

function operation(query: CatalogQuery, timeout: Parameter): Operation {
  const { name, description, context } = query
  return {
    operationId: name,
    tags: [context],
    summary: `Asks ${name}.`,
    ...(description !== null && { description }),
    parameters: [
      ...fieldParameters(query),
      queryParameter('input', 'The whole input as JSON, instead of its fields.', { type: 'string' }),
      ...(asksByField(query, 'at') ? [] : [atParameter]),
      waitFor,
      timeout,
      ifNoneMatch,
      tenantParameter,
      onBranchParameter,
    ],
    responses: {
      ...always,
      '200': json('The answer.', reference(answerSchema(name)), contentTag),
      '304': notModified,
      '400': problem(
        'The input does not match its schema (`errors` has a pointer per fault), or the request is not well-formed.',
        [
          'query.invalid',
          'request.malformed',
          'request.too-deep',
          'request.unsupported',
          'tenant.invalid-name',
          'tenant.required',
          'view.invalid-query',
        ],
      ),
      '403': problem('The actor may not ask this query, or not of this tenant.', [
        'query.forbidden',
        'tenant.forbidden',
      ]),
      '404': problem('It has no answer.', ['branch.unknown', 'query.not-found', 'view.not-found']),
      '409': problem(
        'What it reads has no past, the log ends before the position in `at`, or it may not ask the world outside here.',
        ['external.blocked', 'time.no-past', 'time.not-yet', 'time.too-large', 'view.in-tables'],
      ),
      '422': onlyMain,
      '502': problem('What it asked of the world outside failed.', [
        'external.failed',
        'external.invalid-answer',
        'external.too-large',
      ]),
      '504': problem('It had no answer in time.', ['query.timeout', 'view.wait-timeout', 'external.timeout']),
    },
  }
}

/** What the input’s schema names, each as a parameter. What it must have may stand in `input` as well. */
function fieldParameters({ name, input }: CatalogQuery): readonly Parameter[] {
  const required = input?.['required']
  return [...(fieldsOf(input) ?? [])]
    .filter((field) => !ownParameters.has(field))
    .map((field) => {
      const isRequired = Array.isArray(required) && required.includes(field)
      const pointer = field.replaceAll('~', '~0').replaceAll('/', '~1')
      return queryParameter(field, isRequired ? 'Of the input; required.' : 'Of the input.', {
        $ref: `#/components/schemas/${querySchema(name)}/properties/${encodeURIComponent(pointer)}`,
      })
    })
}
