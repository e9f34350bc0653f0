import type { FastifyInstance } from 'fastify'
import { openApiDocument } from './openapi/document.ts'
import { refuseParameters } from './query.ts'
import { sendTagged, tagOf } from './replies.ts'
import type { Serving } from './serving.ts'

/** `GET /catalog` and `GET /openapi.json`: what the code says, made once. */
export function catalogRoutes(fastify: FastifyInstance, { headwater, settings }: Serving): void {
  documentRoute(fastify, '/catalog', () => headwater.catalog)
  documentRoute(fastify, '/openapi.json', () => openApiDocument(headwater.catalog, settings))
}

function documentRoute(fastify: FastifyInstance, path: string, make: () => object): void {
  let made: { readonly json: string; readonly etag: string } | undefined
  fastify.get(path, async (request, reply) => {
    refuseParameters(request)
    made ??= tagged(JSON.stringify(make()))
    const { json, etag } = made
    return sendTagged(reply, etag, () => json)
  })
}

function tagged(json: string): { json: string; etag: string } {
  return { json, etag: tagOf(json) }
}
