import type { ProcessorSummary } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

/** `GET /processors`: how far views and subscriptions are, and what stopped those that don't run. */
export function processorRoutes(fastify: FastifyInstance, { headwater }: Serving): void {
  fastify.get('/processors', async (request, reply) => {
    refuseParameters(request)
    const summaries = await Promise.all(headwater.processors.map((processor) => processor.summary()))
    return sendJson(reply, JSON.stringify({ processors: summaries.map(wireSummary) }))
  })
}

function wireSummary({ name, kind, status, position, head, lag, parked, error }: ProcessorSummary): object {
  const said = error === undefined ? null : `${error.code}: ${error.message}`
  return { name, kind, status, position, head, lag, parked, error: said }
}
