import { createHash } from 'node:crypto'
import {
  describeMoment,
  HeadwaterError,
  type ListQuery,
  type Moment,
  type ViewSummary,
} from '@headwater/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { isFilterName, readFilters } from './filters.ts'
import { branchName, callerOn } from './on-branch.ts'
import type { Settings } from './options.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson, sendTagged } from './replies.ts'
import type { Serving } from './serving.ts'
import { waiting } from './waiting.ts'

interface ViewRoute {
  Params: { readonly name: string }
}

interface DocumentRoute {
  Params: { readonly name: string; readonly key: string }
}

const listParameters = new Set([
  'search',
  'sort',
  'limit',
  'cursor',
  'at',
  'known',
  'waitFor',
  'timeout',
  branchName,
])
const documentParameters = new Set(['at', 'known', 'waitFor', 'timeout', branchName])

/** `GET /views`, `/views/{name}` and `/views/{name}/{key}`. */
export function viewRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater, settings } = serving

  fastify.get('/views', async (request, reply) => {
    refuseParameters(request)
    return sendJson(reply, JSON.stringify({ views: (await headwater.views()).map(withoutErrors) }))
  })

  fastify.get<ViewRoute>('/views/:name', async (request, reply) => {
    const { name } = request.params
    headwater.view(name)
    const query = new QueryReader(request, listParameters, isFilterName)
    const listed = listQuery(query, reply, settings)
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const { items, cursor } = await on.view(name).list({ ...listed, tenant })
    return sendJson(reply, JSON.stringify({ items, cursor }))
  })

  fastify.get<DocumentRoute>('/views/:name/:key', async (request, reply) => {
    const { name, key } = request.params
    headwater.view(name)
    const query = new QueryReader(request, documentParameters)
    const wait = waiting(query, reply, settings)
    query.done()
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const item = await on.view(name).get(key, { ...wait, tenant })
    if (item === undefined) {
      throw new HeadwaterError(
        'view.not-found',
        `The view ${name} has no document of the key ${JSON.stringify(key)}${asOf(wait.at)}`,
      )
    }
    const json = JSON.stringify({ key: item.key, doc: item.doc, position: item.position })
    return sendTagged(reply, `"${item.position}-${hash(json)}"`, () => json)
  })
}

function listQuery(query: QueryReader, reply: FastifyReply, settings: Settings): ListQuery {
  const filters = readFilters(query.all, (fault) => query.refuse(fault))
  const search = query.text('search')
  const sort = query.text('sort')
  const cursor = query.text('cursor')
  const limit = query.limit()
  const wait = waiting(query, reply, settings)
  query.done()
  return {
    limit,
    ...wait,
    ...(filters.length > 0 && { filters }),
    ...(search !== undefined && { search }),
    ...(sort !== undefined && sort !== '' && { sort }),
    ...(cursor !== undefined && { cursor }),
  }
}

function asOf(at: Moment | undefined): string {
  return at === undefined ? '' : ` as of ${describeMoment(at)}`
}

// The position alone is no tag: a rebuilt view can show other documents at the same position.
function hash(json: string): string {
  return createHash('sha1').update(json).digest('base64url').slice(0, 12)
}

/** Errors name keys of all tenants: they are shown with the rebuild, to those who may see them. */
function withoutErrors(view: ViewSummary): ViewSummary {
  return view.rebuild === null ? view : { ...view, rebuild: { ...view.rebuild, errors: [] } }
}
