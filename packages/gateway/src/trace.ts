import { HeadwaterError } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface IdRoute {
  Params: { readonly id: string }
}

/** `GET /events/{id}` and `GET /trace/{id}`. */
export function traceRoutes(fastify: FastifyInstance, { headwater }: Serving): void {
  fastify.get<IdRoute>('/events/:id', async (request, reply) => {
    refuseParameters(request)
    const { id } = request.params
    const event = await headwater.event(id)
    if (event === undefined)
      throw new HeadwaterError('event.not-found', `There is no event ${JSON.stringify(id)}`)
    return sendJson(reply, JSON.stringify(event))
  })

  fastify.get<IdRoute>('/trace/:id', async (request, reply) => {
    refuseParameters(request)
    const { id } = request.params
    const trace = await headwater.trace(id)
    if (trace === undefined) {
      throw new HeadwaterError(
        'event.not-found',
        `No event, command or correlation has the id ${JSON.stringify(id)}`,
      )
    }
    const { correlationId, events } = trace
    const commands = trace.commands.map((command) => ({
      id: command.id,
      type: command.type,
      actor: command.actor,
      decidedAt: command.decidedAt,
      status: command.status,
      reason: command.reason ?? null,
      stream: command.stream,
      causationId: command.causationId || null,
      correlationId: command.correlationId,
    }))
    return sendJson(reply, JSON.stringify({ correlationId, events, commands }))
  })
}
