import type { ReversalScope } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BodyReader } from './body.ts'
import { readCommandHeaders } from './command-headers.ts'
import { branchQuery, callerOn } from './on-branch.ts'
import { longestWhy } from './processors.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface StreamRoute {
  Params: { readonly stream: string }
}

/** `POST /streams/{stream}/revert` and `POST /revert`: goes back by further events, or says what that would take. */
export function reversalRoutes(fastify: FastifyInstance, serving: Serving): void {
  const revert = async (
    request: FastifyRequest,
    reply: FastifyReply,
    scope: ReversalScope,
    { why, dryRun }: { readonly why: string; readonly dryRun: boolean },
  ) => {
    const { correlationId } = readCommandHeaders(request.raw)
    const { caller, on } = await callerOn(branchQuery(request), request, reply, serving)
    const { tenant, actor } = caller
    const plan = await on.planReversal(scope, { tenant })
    const { id, head, events, lacking } = plan
    if (dryRun) return sendJson(reply, JSON.stringify({ id, head, events, lacking, recorded: [] }))
    const { recorded } = await on.revert(plan, {
      why,
      ...(actor !== undefined && { actor }),
      ...(correlationId !== undefined && { correlationId }),
    })
    return sendJson(reply, JSON.stringify({ id, head, events, lacking, recorded }))
  }

  fastify.post<StreamRoute>('/streams/:stream/revert', async (request, reply) => {
    branchQuery(request)
    const body = new BodyReader(request.body)
    const to = body.position('to')
    if (to === undefined) body.refuse('to', 'It is missing: the revision of the last event that stays')
    const asked = actOf(body)
    const { stream } = request.params
    return revert(request, reply, { stream, to: to ?? 0 }, asked)
  })

  fastify.post('/revert', async (request, reply) => {
    branchQuery(request)
    const body = new BodyReader(request.body)
    const causedBy = body.text('causedBy', 512)
    const position = body.position('position')
    if ((causedBy === undefined) === (position === undefined))
      body.refuse('causedBy', 'Either the id of what caused it, or the position of the last event that stays')
    const asked = actOf(body)
    return revert(request, reply, causedBy === undefined ? { position: position ?? 0 } : { causedBy }, asked)
  })
}

function actOf(body: BodyReader): { readonly why: string; readonly dryRun: boolean } {
  const dryRun = body.flag('dryRun')
  const why = dryRun ? (body.text('why', longestWhy) ?? '') : body.requiredText('why', longestWhy)
  body.done()
  return { why, dryRun }
}
