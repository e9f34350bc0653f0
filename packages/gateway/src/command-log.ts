import type { LoggedCommand } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { QueryReader } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

const parameters = new Set(['after', 'limit'])

/** `GET /commands`: the intent trail, page by page in the order of decisions. */
export function commandLogRoutes(fastify: FastifyInstance, { headwater }: Serving): void {
  fastify.get('/commands', async (request, reply) => {
    const query = new QueryReader(request, parameters)
    const after = query.position('after') ?? 0
    const limit = query.limit()
    query.done()
    const commands = await headwater.commands({ after, limit })
    const scannedTo = commands.at(-1)?.sequence ?? after
    return sendJson(reply, JSON.stringify({ commands: commands.map(loggedCommand), scannedTo }))
  })
}

/** Exactly the fields of the command log on the wire. */
function loggedCommand(command: LoggedCommand): object {
  const { sequence, id, type, payload, actor, decidedAt, status, reason, reads } = command
  const { correlationId, causationId, position, events } = command
  return {
    sequence,
    id,
    type,
    payload,
    actor,
    decidedAt,
    status,
    reason: reason ?? null,
    reads,
    correlationId,
    causationId: causationId || null,
    position,
    events,
  }
}
