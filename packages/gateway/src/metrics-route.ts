import type { FastifyInstance } from 'fastify'
import { refuseParameters } from './query.ts'
import type { Serving } from './serving.ts'

/** `GET /metrics`: for Prometheus. */
export function metricsRoute(fastify: FastifyInstance, { metrics }: Serving): void {
  fastify.get('/metrics', async (request, reply) => {
    refuseParameters(request)
    return reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.text())
  })
}

/** Counts and times every request by its route; what met no route counts as one. */
export function measureRequests(fastify: FastifyInstance, { metrics }: Serving): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.requestEnded(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
}
