import type { MergeChoices, Resolution } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { amendingIn, sendAmended } from './amendments.ts'
import { BodyReader } from './body.ts'
import { callerOf } from './caller.ts'
import { readCommandHeaders } from './command-headers.ts'
import { longestWhy } from './processors.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface BranchRoute {
  Params: { readonly name: string }
}

const diffParameters = new Set(['against', 'views', 'limit'])
/** So many events of each side are compared at most. */
const mostCompared = 1_000
/** So many steps are named, and so many streams resolved, at most. */
const mostNamed = 1_000
/** Of a step's id, or a stream's name. */
const longestName = 512
const resolutions = ['mine', 'theirs', 'decide'] as const

/** `GET /branches/{name}/diff`, `POST /branches/{name}/amendments` and `/merge`. */
export function mergingRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving

  fastify.get<BranchRoute>('/branches/:name/diff', async (request, reply) => {
    const query = new QueryReader(request, diffParameters)
    const against = query.text('against')
    const views = query.list('views')
    const limit = query.integer('limit', { from: 1, to: mostCompared }) ?? mostCompared
    query.done()
    const { tenant } = await callerOf(request, reply, serving)
    const branch = headwater.branch(request.params.name, { tenant })
    const difference = await branch.diff({
      limit,
      ...(against !== undefined && { against }),
      ...(views !== undefined && { views }),
    })
    return sendJson(reply, JSON.stringify(difference))
  })

  fastify.post<BranchRoute>('/branches/:name/amendments', async (request, reply) => {
    refuseParameters(request)
    const amending = amendingIn(request.body)
    const caller = await callerOf(request, reply, serving)
    const branch = headwater.branch(request.params.name, { tenant: caller.tenant })
    return sendAmended(request, reply, branch, caller, amending)
  })

  fastify.post<BranchRoute>('/branches/:name/merge', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const dryRun = body.flag('dryRun')
    const why = dryRun ? body.text('why', longestWhy) : body.requiredText('why', longestWhy)
    const choices = choicesIn(body)
    body.done()
    const { id } = readCommandHeaders(request.raw)
    const { tenant, actor } = await callerOf(request, reply, serving)
    const branch = headwater.branch(request.params.name, { tenant })
    if (dryRun) return sendJson(reply, JSON.stringify(await branch.plan(choices)))
    const merged = await branch.merge({
      ...choices,
      why: why ?? '',
      ...(actor !== undefined && { actor }),
      ...(id !== undefined && { id }),
    })
    return sendJson(reply, JSON.stringify(merged))
  })
}

function choicesIn(body: BodyReader): MergeChoices {
  const only = body.has('only') ? onlyIn(body) : undefined
  const resolve = body.has('resolve') ? resolveIn(body) : undefined
  return { ...(only !== undefined && { only }), ...(resolve !== undefined && { resolve }) }
}

function onlyIn(body: BodyReader): readonly string[] | undefined {
  const ids = body.value('only')
  if (Array.isArray(ids) && ids.length <= mostNamed && ids.every(isName)) return ids
  body.refuse('only', `It is not a list of up to ${mostNamed} ids`)
  return undefined
}

function resolveIn(body: BodyReader): MergeChoices['resolve'] {
  const resolve = body.value('resolve')
  if (isResolution(resolve)) return resolve
  if (typeof resolve === 'object' && resolve !== null && !Array.isArray(resolve)) {
    const entries: readonly (readonly [string, unknown])[] = Object.entries(resolve)
    const chosen = entries.flatMap(([stream, choice]) =>
      isResolution(choice) ? [[stream, choice] as const] : [],
    )
    if (chosen.length === entries.length && chosen.length <= mostNamed) return Object.fromEntries(chosen)
  }
  body.refuse('resolve', `It is neither one of ${resolutions.join(', ')}, nor one of them by stream`)
  return undefined
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestName
}

function isResolution(value: unknown): value is Resolution {
  return resolutions.some((one) => one === value)
}
