import type { BlockedCall, BranchInfo, Moment } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { BodyReader } from './body.ts'
import { callerOf, onBehalfOf } from './caller.ts'
import { mergingRoutes } from './merging.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface BranchRoute {
  Params: { readonly name: string }
}

const listParameters = new Set(['after', 'limit'])
const longestName = 63

/**
 * `POST` and `GET /branches`, `GET` and `DELETE /branches/{name}`, and `POST /branches/{name}/clock`; what is compared, amended
 * and merged has a file of its own.
 */
export function branchRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving
  mergingRoutes(fastify, serving)

  fastify.post('/branches', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const name = body.requiredText('name', longestName)
    const from = body.text('from', longestName)
    const at = momentIn(body)
    body.done()
    const caller = await callerOf(request, reply, serving)
    const branch = await headwater.branches.create(name, {
      ...(from !== undefined && { from }),
      ...(at !== undefined && { at }),
      ...onBehalfOf(caller),
    })
    reply.code(201).header('location', `/branches/${encodeURIComponent(name)}`)
    return sendJson(reply, JSON.stringify(wireBranch(branch)))
  })

  fastify.get('/branches', async (request, reply) => {
    const query = new QueryReader(request, listParameters)
    const after = query.text('after')
    const limit = query.limit()
    query.done()
    const { tenant } = await callerOf(request, reply, serving)
    const branches = await headwater.branches.list({
      tenant,
      limit,
      ...(after !== undefined && { after: { name: after } }),
    })
    return sendJson(reply, JSON.stringify({ branches: branches.map(wireBranch) }))
  })

  fastify.get<BranchRoute>('/branches/:name', async (request, reply) => {
    refuseParameters(request)
    const { tenant } = await callerOf(request, reply, serving)
    const branch = headwater.branch(request.params.name, { tenant })
    const [info, blocked] = await Promise.all([branch.info(), branch.blocked()])
    return sendJson(reply, JSON.stringify({ ...wireBranch(info), blocked: blocked.map(wireBlocked) }))
  })

  fastify.post<BranchRoute>('/branches/:name/clock', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const time = new Date(body.requiredText('now', longestName))
    if (body.has('now') && Number.isNaN(time.getTime())) body.refuse('now', 'It is no time in ISO 8601')
    body.done()
    const { tenant } = await callerOf(request, reply, serving)
    const info = await headwater.branch(request.params.name, { tenant }).moveTo(time)
    return sendJson(reply, JSON.stringify(wireBranch(info)))
  })

  fastify.delete<BranchRoute>('/branches/:name', async (request, reply) => {
    refuseParameters(request)
    const { tenant } = await callerOf(request, reply, serving)
    await headwater.branch(request.params.name, { tenant }).drop()
    return reply.code(204).send()
  })
}

/** A position, or a time. */
export function momentIn(body: BodyReader): Moment | undefined {
  if (!body.has('at')) return undefined
  const value = body.value('at')
  if (typeof value === 'number') return body.position('at')
  const time = new Date(typeof value === 'string' ? value : Number.NaN)
  if (!Number.isNaN(time.getTime())) return time
  body.refuse('at', 'It is neither a position nor a time in ISO 8601')
  return undefined
}

/** Exactly the fields of a branch on the wire. */
function wireBranch({ name, from, base, basedAt, head, now, actor, createdAt }: BranchInfo): object {
  return { name, from: from ?? 'main', base, basedAt, head, now, actor, createdAt }
}

function wireBlocked({ external, caller, why, at }: BlockedCall): object {
  return { external, caller, why, at }
}
