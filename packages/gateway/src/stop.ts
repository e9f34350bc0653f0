import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { EventStreams } from './event-streams.ts'
import type { Serving } from './serving.ts'

/** Milliseconds between looks at which connections have become idle. */
const sweep = 50

/** Connections on which nothing was asked yet: browsers open them in advance, and Node does not count them as idle. */
export class SpareConnections {
  readonly #spare = new Set<Socket>()

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#spare.add(socket)
      socket.once('close', () => this.#spare.delete(socket))
    })
    server.prependListener('request', ({ socket }) => this.#spare.delete(socket))
  }

  close(): void {
    for (const socket of this.#spare) socket.destroy()
  }
}

/**
 * Stops without cutting anybody off: no new connections, a 503 for new requests on old ones, an end to event streams,
 * and the running requests finish. Who is not done by the time limit is cut off.
 */
export async function stop(
  fastify: FastifyInstance,
  serving: Serving,
  streams: EventStreams,
  spare: SpareConnections,
): Promise<void> {
  const { settings, metrics } = serving
  if (settings.drainTime > 0) {
    serving.phase = 'draining'
    await new Promise((resolve) => setTimeout(resolve, settings.drainTime))
  }
  serving.phase = 'stopping'
  streams.close()
  const { server } = fastify
  const sweeping = setInterval(() => {
    server.closeIdleConnections()
    spare.close()
  }, sweep)
  const limit = setTimeout(() => server.closeAllConnections(), settings.stopLimit)
  try {
    await fastify.close()
  } finally {
    clearInterval(sweeping)
    clearTimeout(limit)
    metrics.close()
  }
}
