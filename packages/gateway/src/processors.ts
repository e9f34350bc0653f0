import type { ProcessorHandle, ProcessorSummary, Start } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BodyReader } from './body.ts'
import { type Caller, callerOf, requireReach, scopeOf } from './caller.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'
import { wireResult } from './trace.ts'

export interface ProcessorRoute {
  Params: { readonly name: string }
}

/** Characters of a reason. */
export const longestWhy = 1_000

const actParameters = new Set(['before', 'limit'])
const resultParameters = new Set(['after', 'limit', 'allTenants'])

/**
 * `GET /processors`: how far views and subscriptions are, and what keeps those that don't run. Below it, what an operator
 * does with one of them: `/processors/{name}/pause`, `resume`, `reset`, `split`, `merge`; and what became of events: `results`, `acts`.
 */
export function processorRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving
  const sendSummary = async (reply: FastifyReply, processor: ProcessorHandle) =>
    sendJson(reply, JSON.stringify(wireSummary(await processor.summary())))
  /** A processor is that of all tenants. */
  const lookAfter = async (request: FastifyRequest<ProcessorRoute>, reply: FastifyReply) => {
    const caller = await callerOf(request, reply, serving)
    requireReach(caller)
    return { caller, processor: headwater.processor(request.params.name) }
  }

  fastify.get('/processors', async (request, reply) => {
    refuseParameters(request)
    const summaries = await Promise.all(headwater.processors.map((processor) => processor.summary()))
    return sendJson(reply, JSON.stringify({ processors: summaries.map(wireSummary) }))
  })

  fastify.get<ProcessorRoute>('/processors/:name', async (request, reply) => {
    refuseParameters(request)
    return sendSummary(reply, headwater.processor(request.params.name))
  })

  for (const what of ['pause', 'resume'] as const)
    fastify.post<ProcessorRoute>(`/processors/:name/${what}`, async (request, reply) => {
      refuseParameters(request)
      const body = new BodyReader(request.body)
      const why = body.text('why', longestWhy)
      body.done()
      const { caller, processor } = await lookAfter(request, reply)
      await processor[what](actBy(caller, why))
      return sendSummary(reply, processor)
    })

  fastify.post<ProcessorRoute>('/processors/:name/reset', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const why = body.requiredText('why', longestWhy)
    const repeatEffects = body.flag('repeatEffects')
    const to = startIn(body)
    body.done()
    const { caller, processor } = await lookAfter(request, reply)
    await processor.reset({ to, repeatEffects, ...actBy(caller, why) })
    return sendSummary(reply, processor)
  })

  for (const what of ['split', 'merge'] as const)
    fastify.post<ProcessorRoute>(`/processors/:name/${what}`, async (request, reply) => {
      refuseParameters(request)
      const body = new BodyReader(request.body)
      const why = body.text('why', longestWhy)
      const partition = body.position('partition')
      body.done()
      const { caller, processor } = await lookAfter(request, reply)
      await processor[what]({ ...actBy(caller, why), ...(partition !== undefined && { partition }) })
      return sendSummary(reply, processor)
    })

  fastify.get<ProcessorRoute>('/processors/:name/results', async (request, reply) => {
    const query = new QueryReader(request, resultParameters)
    const after = query.position('after')
    const limit = query.limit()
    const allTenants = query.flag('allTenants')
    query.done()
    const scope = scopeOf(await callerOf(request, reply, serving), allTenants)
    const results = await headwater
      .processor(request.params.name)
      .results({ ...scope, limit, ...(after !== undefined && { after }) })
    return sendJson(reply, JSON.stringify({ results: results.map(wireResult) }))
  })

  fastify.get<ProcessorRoute>('/processors/:name/acts', async (request, reply) => {
    const query = new QueryReader(request, actParameters)
    const before = query.position('before')
    const limit = query.limit()
    query.done()
    const { processor } = await lookAfter(request, reply)
    const acts = await processor.acts({ limit, ...(before !== undefined && { before }) })
    return sendJson(reply, JSON.stringify({ acts }))
  })
}

/** Who does it, and why. */
export function actBy({ actor }: Caller, why: string | undefined): { actor?: string | null; why?: string } {
  return { ...(actor !== undefined && { actor }), ...(why !== undefined && { why }) }
}

/** `to`: `beginning`, `end`, or the position or time of the first event that is handled. */
function startIn(body: BodyReader): Start {
  const to = body.value('to')
  if (to === 'beginning' || to === 'end') return to
  const moment = momentOf(to)
  if (moment === undefined) body.refuse('to', 'It is neither beginning, end, a position nor a time')
  return moment instanceof Date ? { time: moment } : { position: moment ?? 0 }
}

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** A position, or a time in ISO 8601; undefined: neither. */
export function momentOf(value: unknown): number | Date | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string' || !isoTime.test(value) || Number.isNaN(Date.parse(value))) return undefined
  return new Date(value)
}

function wireSummary(summary: ProcessorSummary): object {
  const { name, kind, status, position, head, lag, parked, error, paused, partitions } = summary
  const said = error === undefined ? null : `${error.code}: ${error.message}`
  return { name, kind, status, position, head, lag, parked, error: said, paused: paused ?? null, partitions }
}
