import { type Headwater, isHeadwaterError } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { problemOf, RequestError } from './problems.ts'
import { sendJson, sendProblem } from './replies.ts'
import type { Serving } from './serving.ts'

/** Milliseconds within which the store and the processors have to answer. */
const patience = 2_000

/** `GET /livez`: the process answers. `GET /readyz`: it can serve: the store answers and every processor runs. */
export function healthRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { settings } = serving
  fastify.get('/livez', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return sendJson(reply, '{"status":"ok"}')
  })

  fastify.get('/readyz', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const reasons = await reasonsAgainst(serving)
    if (reasons.length === 0)
      return sendJson(reply, JSON.stringify({ status: 'ready', roles: rolesOf(serving) }))
    const error = new RequestError('gateway.not-ready', reasons.join('; '))
    return sendProblem(reply, { ...problemOf(error, settings.errorReference, request.id), reasons })
  })
}

/** What this process does. */
function rolesOf({ headwater, settings }: Serving): readonly string[] {
  return [...(settings.api ? ['gateway'] : []), ...headwater.roles]
}

/** Why no requests should be sent here; empty: they should. */
async function reasonsAgainst({ headwater, phase }: Serving): Promise<string[]> {
  if (phase !== 'serving') return ['The server is shutting down']
  const store = inTime(headwater.head()).then(
    () => undefined,
    (error: unknown) => `The store does not answer: ${codeOf(error)}`,
  )
  const processors = headwater.processors.map(async (processor) => {
    try {
      const { status, error } = await inTime(processor.summary())
      // A pause is an operator's wish, and no reason to send requests elsewhere.
      if (status === 'running' || status === 'standby' || status === 'paused') return undefined
      return `The ${processor.kind} ${processor.name} is ${status}${error === undefined ? '' : `: ${error.code}`}`
    } catch (error) {
      return `The ${processor.kind} ${processor.name} does not answer: ${codeOf(error)}`
    }
  })
  const images = (headwater.roles.has('images') ? headwater.images() : [])
    .filter(({ status }) => status !== 'ready')
    .map(
      ({ name, status, error }) => `The image ${name} is ${status}${error === null ? '' : `: ${error.code}`}`,
    )
  const reasons = [...(await Promise.all([store, inlineReason(headwater), ...processors])), ...images]
  return reasons.filter((reason) => reason !== undefined)
}

/** An inline view whose version other code has replaced takes no appends from this process. */
async function inlineReason(headwater: Headwater): Promise<string | undefined> {
  try {
    const views = await inTime(headwater.views())
    const left = views.find(({ lifecycle, code }) => lifecycle === 'inline' && code === 'superseded')
    return left && `Other code feeds the inline view ${left.name} now`
  } catch (error) {
    return `The views do not answer: ${codeOf(error)}`
  }
}

class OutOfTime extends Error {}

async function inTime<Value>(value: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OutOfTime()), patience)
  })
  try {
    return await Promise.race([value, late])
  } finally {
    clearTimeout(timer)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof OutOfTime) return `no answer within ${patience} ms`
  return isHeadwaterError(error) ? error.code : 'an unexpected error'
}
