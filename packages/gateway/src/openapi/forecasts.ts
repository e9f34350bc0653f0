import type { Catalog } from '@headwater/core'
import { everies, forecastMethods, measures } from '../forecasts.ts'
import { list, object, reference, type Schema } from './json-schema.ts'
import {
  always,
  json,
  noBranch,
  ofTenant,
  onBranchParameter,
  type Operation,
  type Parameter,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'

const time: Schema = { type: 'string', format: 'date-time' }
const number: Schema = { type: 'number' }
const period = { from: time, to: { ...time, description: 'When the next one begins.' }, value: number }

const trial = {
  method: { enum: forecastMethods },
  meanError: { ...number, description: 'How far it was off, on average.' },
  meanErrorShare: {
    type: ['number', 'null'],
    description: 'As a share of what was; null: some of that was 0.',
  },
  coverage: { ...number, description: 'The share of what came that lay between `low` and `high`.' },
}

/** What `GET /views/{name}/forecast` answers. */
export const forecastSchema: Schema = object({
  view: { type: 'string' },
  key: { type: ['string', 'null'], description: 'Null: the sum of all documents.' },
  field: { type: 'string' },
  measure: { enum: measures },
  every: { enum: everies },
  timeZone: { type: 'string' },
  past: list(object(period)),
  future: list(object({ ...period, low: number, high: number })),
  level: { ...number, description: 'With which probability what comes lies between `low` and `high`.' },
  method: { enum: forecastMethods },
  parameters: {
    type: 'object',
    additionalProperties: number,
    description: 'What the method has learnt.',
  },
  season: { type: ['integer', 'null'], description: 'In periods; null: the method knows none.' },
  trial: object({
    ...trial,
    origins: { type: 'integer', description: 'At so many moments of the past it was tried.' },
    horizon: { type: 'integer', description: 'For so many periods ahead.' },
  }),
  tried: list(object(trial)),
})

const required = (parameter: Parameter): Parameter => ({ ...parameter, required: true })

const parameters: readonly Parameter[] = [
  required(
    queryParameter('field', 'The path of a number in the documents.', { type: 'string', minLength: 1 }),
  ),
  required(queryParameter('every', 'How long a period is.', { enum: everies })),
  required(
    queryParameter('horizon', 'So many periods ahead.', { type: 'integer', minimum: 1, maximum: 1_000 }),
  ),
  queryParameter('key', 'Of this document. Default: the sum of all.', { type: 'string' }),
  queryParameter('measure', 'As it is at the end of each period, or by how much it changes in each.', {
    enum: measures,
    default: 'value',
  }),
  queryParameter('method', 'Default: the one that did best on the past.', { enum: forecastMethods }),
  queryParameter('season', 'Periods after which it repeats itself. Default: a day, week or year.', {
    type: 'integer',
    minimum: 2,
    maximum: 400,
  }),
  queryParameter('level', 'The probability of the interval.', {
    type: 'number',
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    default: 0.9,
  }),
  queryParameter('from', 'The past begins with the period that holds this.', time),
  queryParameter('to', 'The past ends with the last period that is over by then. Default: now.', time),
  queryParameter('timeZone', 'The IANA name of the zone whose days these are.', {
    type: 'string',
    default: 'UTC',
  }),
  tenantParameter,
  onBranchParameter,
]

/** One per view. */
export function forecastPaths(catalog: Catalog): Record<string, Record<string, Operation>> {
  const views = catalog.contexts.flatMap(({ name: context, views: own }) =>
    own.map(({ name }) => ({ context, name })),
  )
  return Object.fromEntries(
    views.map(({ context, name }) => [`/views/${name}/forecast`, { get: operationOf(context, name) }]),
  )
}

function operationOf(context: string, view: string): Operation {
  return {
    operationId: `forecast.${view}`,
    tags: [context],
    summary: `How a number in the documents of the view ${view} is expected to go on.`,
    parameters,
    responses: {
      ...always,
      ...ofTenant,
      '200': json('The past, what is expected, and how far to trust it.', reference('Forecast')),
      '400': problem('The query is not understood.', [
        'request.malformed',
        'request.unsupported',
        'tenant.invalid-name',
        'tenant.required',
        'forecast.invalid',
        'view.invalid-query',
      ]),
      '404': noBranch,
      '409': problem('The view is kept in tables, and has no documents.', ['view.in-tables']),
      '422': problem('There is nothing to continue, or too little.', [
        'forecast.too-short',
        'forecast.not-numeric',
        'forecast.too-large',
      ]),
    },
  }
}
