import type { FastifyInstance } from 'fastify'
import type { EventStreams } from './event-streams.ts'
import type { Serving } from './serving.ts'

/** Milliseconds between looks at which connections have become idle. */
const sweep = 50

/**
 * Stops without cutting anybody off: no new connections, a 503 for new requests on old ones, an end to event streams,
 * and the running requests finish. Who is not done by the time limit is cut off.
 */
export async function stop(fastify: FastifyInstance, serving: Serving, streams: EventStreams): Promise<void> {
  const { settings, metrics } = serving
  serving.isStopping = true
  streams.close()
  const { server } = fastify
  const sweeping = setInterval(() => server.closeIdleConnections(), sweep)
  const limit = setTimeout(() => server.closeAllConnections(), settings.stopLimit)
  try {
    await fastify.close()
  } finally {
    clearInterval(sweeping)
    clearTimeout(limit)
    metrics.close()
  }
}
