import type { LoggedCommand } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { scopeOf } from './caller.ts'
import { branchName, callerOn } from './on-branch.ts'
import { QueryReader } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

const parameters = new Set(['after', 'limit', 'allTenants', branchName])

/** `GET /commands`: the intent trail, page by page in the order of decisions. */
export function commandLogRoutes(fastify: FastifyInstance, serving: Serving): void {
  fastify.get('/commands', async (request, reply) => {
    const query = new QueryReader(request, parameters)
    const after = query.position('after') ?? 0
    const limit = query.limit()
    const allTenants = query.flag('allTenants')
    query.done()
    const { caller, on } = await callerOn(query, request, reply, serving)
    const scope = scopeOf(caller, allTenants)
    const commands = await on.commands({ after, limit, ...scope })
    const scannedTo = commands.at(-1)?.sequence ?? after
    return sendJson(
      reply,
      JSON.stringify({ commands: commands.map((command) => loggedCommand(command, allTenants)), scannedTo }),
    )
  })
}

/** Exactly the fields of the command log on the wire. */
function loggedCommand(command: LoggedCommand, withTenant: boolean): object {
  const { sequence, id, type, payload, actor, decidedAt, status, reason, reads } = command
  const { correlationId, causationId, position, events } = command
  return {
    ...(withTenant && { tenant: command.tenant }),
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
