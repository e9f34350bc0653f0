import type { ForecastMethod, ForecastOptions, Every } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { branchName, callerOn } from './on-branch.ts'
import { QueryReader } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface ViewRoute {
  Params: { readonly name: string }
}

const parameters = new Set([
  'field',
  'key',
  'every',
  'horizon',
  'measure',
  'method',
  'season',
  'level',
  'from',
  'to',
  'timeZone',
  branchName,
])

export const everies: readonly Every[] = ['hour', 'day', 'week', 'month']
export const measures = ['value', 'change'] as const
export const forecastMethods: readonly ForecastMethod[] = [
  'naive',
  'seasonal-naive',
  'drift',
  'trend',
  'holt',
  'holt-winters',
]

/** `GET /views/{name}/forecast`. The document of this key is read by a filter on `$key`. */
export function forecastRoutes(fastify: FastifyInstance, serving: Serving): void {
  fastify.get<ViewRoute>('/views/:name/forecast', async (request, reply) => {
    const { name } = request.params
    serving.headwater.view(name)
    const query = new QueryReader(request, parameters)
    const asked = asForecast(query)
    query.done()
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const forecast = await on.forecast(name, { ...asked, tenant })
    return sendJson(reply, JSON.stringify(forecast))
  })
}

function asForecast(query: QueryReader): ForecastOptions {
  const required = <Value>(name: string, value: Value | undefined, fallback: Value): Value => {
    if (value === undefined && query.text(name) === undefined)
      query.refuse({ parameter: name, detail: 'It is missing' })
    return value ?? fallback
  }
  return {
    field: required('field', query.text('field'), ''),
    key: query.text('key'),
    every: required('every', query.choice('every', everies), 'day'),
    horizon: required('horizon', query.integer('horizon', { from: 1, to: 1_000 }), 1),
    measure: query.choice('measure', measures),
    method: query.choice('method', forecastMethods),
    season: query.integer('season', { from: 2, to: 400 }),
    level: levelOf(query),
    from: query.time('from'),
    to: query.time('to'),
    timeZone: query.text('timeZone'),
  }
}

function levelOf(query: QueryReader): number | undefined {
  const text = query.text('level')
  if (text === undefined) return undefined
  const level = /^0?\.\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (level > 0 && level < 1) return level
  query.refuse({ parameter: 'level', detail: 'It is not a probability between 0 and 1, such as 0.9' })
  return undefined
}
