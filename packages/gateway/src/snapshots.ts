import type { FastifyInstance } from 'fastify'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

/** `GET /snapshots`: what became of the snapshots of each aggregate that keeps some, in this process. */
export function snapshotRoutes(fastify: FastifyInstance, { headwater }: Serving): void {
  fastify.get('/snapshots', async (request, reply) => {
    refuseParameters(request)
    return sendJson(reply, JSON.stringify({ aggregates: headwater.snapshots.summaries() }))
  })
}
