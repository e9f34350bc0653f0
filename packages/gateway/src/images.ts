import type { FastifyInstance } from 'fastify'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

/** `GET /images`: how the memory images of this process are doing. */
export function imageRoutes(fastify: FastifyInstance, { headwater }: Serving): void {
  fastify.get('/images', async (request, reply) => {
    refuseParameters(request)
    return sendJson(reply, JSON.stringify({ images: headwater.images() }))
  })
}
