import { HeadwaterError, type ResultSummary } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { callerOf } from './caller.ts'
import { branchName, callerOn } from './on-branch.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'
import { readAs } from './shown.ts'

interface IdRoute {
  Params: { readonly id: string }
}

const eventParameters = new Set(['as', branchName])
const traceParameters = new Set([branchName])

/** `GET /events/{id}` and `GET /trace/{id}`. */
export function traceRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving

  fastify.get<IdRoute>('/events/:id', async (request, reply) => {
    const query = new QueryReader(request, eventParameters)
    const shown = readAs(query)
    query.done()
    const { id } = request.params
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const event = await on.event(id, { tenant })
    if (event === undefined)
      throw new HeadwaterError('event.not-found', `There is no event ${JSON.stringify(id)}`)
    return sendJson(reply, JSON.stringify(shown(event)))
  })

  fastify.get<IdRoute>('/events/:id/results', async (request, reply) => {
    refuseParameters(request)
    const { tenant } = await callerOf(request, reply, serving)
    const results = await headwater.results(request.params.id, { tenant })
    return sendJson(reply, JSON.stringify({ results: results.map(wireResult) }))
  })

  fastify.get<IdRoute>('/trace/:id', async (request, reply) => {
    const query = new QueryReader(request, traceParameters)
    query.done()
    const { id } = request.params
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const trace = await on.trace(id, { tenant })
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

/** A handler that gave nothing has the result null. */
export function wireResult(row: ResultSummary): object {
  return { ...row, result: row.result ?? null }
}
