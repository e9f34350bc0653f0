import { createHash } from 'node:crypto'
import { type CatalogQuery, fieldsOf, HeadwaterError, inputOfFields, isHeadwaterError } from '@headwater/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { onBehalfOf } from './caller.ts'
import { readJson } from './limits.ts'
import { branchName, callerOn } from './on-branch.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson, sendTagged } from './replies.ts'
import type { Serving } from './serving.ts'
import { untilClosed } from './waiting.ts'

interface QueryRoute {
  Params: { readonly name: string }
}

/** What an address says beside the input's fields. */
const readParameters: ReadonlySet<string> = new Set(['input', 'waitFor', 'timeout', branchName])
/** A field of one of these names goes into `input`. */
export const ownParameters = readParameters

/** `GET /queries` and `GET /queries/{name}`: a question by its name, its input in the address. */
export function queryRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater, metrics } = serving
  const known = new Map(headwater.catalog.queries.map((query) => [query.name, query]))
  const list = JSON.stringify({ queries: headwater.catalog.queries })

  fastify.get('/queries', async (request, reply) => {
    refuseParameters(request)
    return sendJson(reply, list)
  })

  fastify.get<QueryRoute>('/queries/:name', async (request, reply) => {
    const { name } = request.params
    const began = performance.now()
    let outcome: 'answered' | 'failed' = 'failed'
    try {
      const { reader, input, options } = readQuery(request, known.get(name), serving)
      const { caller, on } = await callerOn(reader, request, reply, serving)
      const signal = untilClosed(reply)
      const answer = await on.queryRaw(name, input, { ...options, ...onBehalfOf(caller), signal })
      if (answer === undefined) throw new HeadwaterError('query.not-found', `The query ${name} has no answer`)
      const json = jsonOf(name, answer)
      outcome = 'answered'
      return await sendTagged(reply, `"${hash(json)}"`, () => json)
    } catch (error) {
      if (isHeadwaterError(error, 'query.not-found')) outcome = 'answered'
      throw error
    } finally {
      metrics.queryEnded(known.has(name) ? name : 'unknown', outcome, (performance.now() - began) / 1000)
    }
  })
}

function readQuery(request: FastifyRequest, query: CatalogQuery | undefined, { settings }: Serving) {
  const fields = query === undefined ? undefined : fieldsOf(query.input)
  const isField = asksByField(query, 'at') && !hasParameter(request, 'input')
  const reader = new QueryReader(
    request,
    readParameters,
    (name) => name === 'at' || (!ownParameters.has(name) && (fields?.has(name) ?? true)),
  )
  const at = isField ? undefined : reader.moment('at')
  const waitFor = reader.text('waitFor') === 'head' ? ('head' as const) : reader.position('waitFor')
  const timeLimit = reader.integer('timeout', { from: 1, to: settings.longestWait })
  const given = reader.text('input')
  const texts = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(reader.all))
    if (!ownParameters.has(name) && (name !== 'at' || isField)) texts.set(name, [value].flat().map(String))
  if (given !== undefined && texts.size > 0) {
    for (const name of texts.keys())
      reader.refuse({
        parameter: name,
        detail: 'The input is given by `input` or by its fields, not by both',
      })
  }
  reader.done()
  return {
    reader,
    input:
      given === undefined
        ? inputOfFields(query?.input ?? null, Object.fromEntries(texts))
        : readJson(Buffer.from(given), settings.bodyDepth),
    options: {
      ...(at !== undefined && { at }),
      ...(waitFor !== undefined && { waitFor }),
      ...(timeLimit !== undefined && { timeLimit }),
    },
  }
}

/** Whether a parameter of this name is a field of the query's input, which then beats what it means otherwise. */
export function asksByField(query: CatalogQuery | undefined, name: string): boolean {
  return query !== undefined && (fieldsOf(query.input)?.has(name) ?? false)
}

function hasParameter({ query }: FastifyRequest, name: string): boolean {
  return typeof query === 'object' && query !== null && Object.hasOwn(query, name)
}

function jsonOf(name: string, answer: unknown): string {
  try {
    const json: string | undefined = JSON.stringify(answer)
    if (json !== undefined) return json
  } catch (cause) {
    throw new HeadwaterError('query.invalid-answer', `The answer to ${name} is not JSON`, { cause })
  }
  throw new HeadwaterError('query.invalid-answer', `The answer to ${name} is not JSON`)
}

function hash(json: string): string {
  return createHash('sha1').update(json).digest('base64url')
}
