import { createHash } from 'node:crypto'
import { HeadwaterError, type ListQuery } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isFilterName, readFilters } from './filters.ts'
import type { Settings } from './options.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson, sendTagged } from './replies.ts'
import type { Serving } from './serving.ts'

interface ViewRoute {
  Params: { readonly name: string }
}

interface DocumentRoute {
  Params: { readonly name: string; readonly key: string }
}

const listParameters = new Set(['sort', 'limit', 'cursor', 'waitFor', 'timeout'])
const documentParameters = new Set(['waitFor', 'timeout'])

/** `GET /views`, `/views/{name}` and `/views/{name}/{key}`. */
export function viewRoutes(fastify: FastifyInstance, { headwater, settings }: Serving): void {
  fastify.get('/views', async (request, reply) => {
    refuseParameters(request)
    return sendJson(reply, JSON.stringify({ views: await headwater.views() }))
  })

  fastify.get<ViewRoute>('/views/:name', async (request, reply) => {
    const reader = headwater.view(request.params.name)
    const query = new QueryReader(request, listParameters, isFilterName)
    const { items, cursor } = await reader.list(listQuery(query, request, reply, settings))
    return sendJson(reply, JSON.stringify({ items, cursor }))
  })

  fastify.get<DocumentRoute>('/views/:name/:key', async (request, reply) => {
    const { name, key } = request.params
    const reader = headwater.view(name)
    const query = new QueryReader(request, documentParameters)
    const wait = waiting(query, reply, settings)
    query.done()
    const item = await reader.get(key, wait)
    if (item === undefined) {
      throw new HeadwaterError(
        'view.not-found',
        `The view ${name} has no document of the key ${JSON.stringify(key)}`,
      )
    }
    const json = JSON.stringify({ key: item.key, doc: item.doc, position: item.position })
    return sendTagged(reply, `"${item.position}-${hash(json)}"`, () => json)
  })
}

function listQuery(
  query: QueryReader,
  request: FastifyRequest,
  reply: FastifyReply,
  settings: Settings,
): ListQuery {
  const filters = readFilters(query.all, (fault) => query.refuse(fault))
  const sort = query.text('sort')
  const cursor = query.text('cursor')
  const limit = query.limit()
  const wait = waiting(query, reply, settings)
  query.done()
  return {
    limit,
    ...wait,
    ...(filters.length > 0 && { filters }),
    ...(sort !== undefined && sort !== '' && { sort }),
    ...(cursor !== undefined && { cursor }),
  }
}

/** `waitFor` and `timeout`: a client that goes away ends the wait. */
function waiting(
  query: QueryReader,
  reply: FastifyReply,
  settings: Settings,
): { waitFor?: number; timeLimit?: number; signal?: AbortSignal } {
  const waitFor = query.position('waitFor')
  const timeLimit = query.integer('timeout', { from: 0, to: settings.longestWait })
  if (waitFor === undefined) return {}
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return { waitFor, timeLimit: timeLimit ?? settings.waitTime, signal: controller.signal }
}

// The position alone is no tag: a rebuilt view can show other documents at the same position.
function hash(json: string): string {
  return createHash('sha1').update(json).digest('base64url').slice(0, 12)
}
