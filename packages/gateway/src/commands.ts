import { isHeadwaterError, type ExecuteOptions, type Outcome } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, onBehalfOf } from './caller.ts'
import { readCommandHeaders } from './command-headers.ts'
import { branchName, callerOn } from './on-branch.ts'
import { rejectionProblem, RequestError } from './problems.ts'
import { QueryReader } from './query.ts'
import { sendJson, sendProblem } from './replies.ts'
import type { Serving } from './serving.ts'

interface CommandRoute {
  Params: { readonly type: string }
}

const parameters = new Set([branchName])

/** `POST /commands/{type}`: decides a command and answers with its outcome. */
export function commandRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater, settings, metrics } = serving
  const known = new Set(headwater.catalog.commands.map(({ name }) => name))

  fastify.post<CommandRoute>('/commands/:type', async (request, reply) => {
    const { type } = request.params
    const began = performance.now()
    const label = known.has(type) ? type : 'unknown'
    let result: 'accepted' | 'rejected' | 'failed' = 'failed'
    metrics.commandBegan()
    try {
      const query = new QueryReader(request, parameters)
      query.done()
      if (request.body === undefined) throw withoutBody()
      const { caller, on } = await callerOn(query, request, reply, serving)
      const outcome = await on.executeRaw(type, request.body, optionsOf(request, caller))
      result = outcome.status
      if (on === headwater) for (const event of outcome.events) metrics.eventAppended(event.type)
      return await answer(reply, outcome, settings.errorReference)
    } catch (error) {
      if (isHeadwaterError(error, 'command.revision-mismatch')) tagActualRevision(reply, error.details)
      throw error
    } finally {
      metrics.commandEnded(label, result, (performance.now() - began) / 1000)
    }
  })
}

function optionsOf(request: FastifyRequest<CommandRoute>, caller: Caller): ExecuteOptions {
  const { id, expectedRevision, correlationId } = readCommandHeaders(request.raw)
  return {
    ...(id !== undefined && { id }),
    ...(expectedRevision !== undefined && { expectedRevision }),
    ...(correlationId !== undefined && { correlationId }),
    ...onBehalfOf(caller),
  }
}

function answer(reply: FastifyReply, outcome: Outcome, errorReference: string): FastifyReply {
  reply.header('etag', `"${outcome.revision}"`)
  if (outcome.status === 'rejected') return sendProblem(reply, rejectionProblem(outcome, errorReference))
  const { commandId, stream, revision, position, events } = outcome
  return sendJson(reply, JSON.stringify({ commandId, stream, revision, position: position ?? null, events }))
}

function withoutBody(): RequestError {
  return new RequestError(
    'request.unsupported-media-type',
    'A command is sent as JSON with Content-Type: application/json; one without data is sent as {}',
  )
}

/** Tells a client whose revision is old which one it would be now. */
function tagActualRevision(
  reply: FastifyReply,
  details: Readonly<Record<string, unknown>> | undefined,
): void {
  const actual = details?.['actual']
  if (typeof actual === 'number') reply.header('etag', `"${actual}"`)
}
