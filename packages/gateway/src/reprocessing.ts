import type { ReprocessingJob } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BodyReader } from './body.ts'
import { callerOf, requireReach } from './caller.ts'
import { actBy, longestWhy, momentOf, type ProcessorRoute } from './processors.ts'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface JobRoute {
  Params: { readonly name: string; readonly id: string }
}

/** `/processors/{name}/reprocessing`: old events handled once more, effects and all, as a job of its own. */
export function reprocessingRoutes(fastify: FastifyInstance, serving: Serving): void {
  const path = '/processors/:name/reprocessing'
  const lookAfter = async (request: FastifyRequest<ProcessorRoute>, reply: FastifyReply) => {
    const caller = await callerOf(request, reply, serving)
    requireReach(caller)
    return { caller, processor: serving.headwater.processor(request.params.name) }
  }
  const sendJob = async (reply: FastifyReply, job: ReprocessingJob): Promise<FastifyReply> =>
    sendJson(reply.header('cache-control', 'no-store'), JSON.stringify(await wireJob(job)))

  fastify.get<ProcessorRoute>(path, async (request, reply) => {
    refuseParameters(request)
    const { processor } = await lookAfter(request, reply)
    const jobs = await processor.jobs()
    return sendJson(reply, JSON.stringify({ jobs: await Promise.all(jobs.map(wireJob)) }))
  })

  fastify.post<ProcessorRoute>(path, async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const why = body.requiredText('why', longestWhy)
    const from = momentIn(body, 'from')
    const to = body.has('to') ? momentIn(body, 'to') : undefined
    body.done()
    const { caller, processor } = await lookAfter(request, reply)
    const job = await processor.reprocess({
      ...actBy(caller, why),
      why,
      from,
      ...(to !== undefined && { to }),
    })
    return sendJob(reply.code(202), job)
  })

  fastify.get<JobRoute>(`${path}/:id`, async (request, reply) => {
    refuseParameters(request)
    const { processor } = await lookAfter(request, reply)
    return sendJob(reply, await processor.job(request.params.id))
  })

  fastify.delete<JobRoute>(`${path}/:id`, async (request, reply) => {
    refuseParameters(request)
    const { caller, processor } = await lookAfter(request, reply)
    const job = await processor.job(request.params.id)
    await job.cancel(actBy(caller, undefined))
    return sendJob(reply, await processor.job(request.params.id))
  })
}

function momentIn(body: BodyReader, name: string): number | Date {
  const moment = momentOf(body.value(name))
  if (moment === undefined) body.refuse(name, 'It is neither a position nor a time')
  return moment ?? 0
}

async function wireJob(job: ReprocessingJob): Promise<object> {
  const { endedAt, ...summary } = await job.summary()
  return { ...summary, endedAt: endedAt ?? null }
}
