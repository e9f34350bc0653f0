import type { DebugOptions, DebugSession, DebugStep, StateCondition } from '@headwater/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { BodyReader } from './body.ts'
import { callerOf } from './caller.ts'
import { DebugSessions } from './debug-sessions.ts'
import { branchQuery, callerOn } from './on-branch.ts'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'
import { untilClosed } from './waiting.ts'

interface SessionRoute {
  Params: { readonly id: string }
}

const longestName = 512
const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'prefix'] as const

/** What one move of a session is. */
type Move = (session: DebugSession, signal: AbortSignal) => Promise<DebugStep | undefined>

/** `/debug`: sessions that go through recorded events, step by step, with what each of them changed. */
export function debugRoutes(fastify: FastifyInstance, serving: Serving): void {
  const sessions = new DebugSessions()

  const send = async (
    reply: FastifyReply,
    id: string,
    session: DebugSession,
    step: DebugStep | undefined,
  ): Promise<FastifyReply> => {
    const { position, head } = await session.place()
    return sendJson(
      reply.header('cache-control', 'no-store'),
      JSON.stringify({ id, position, head, step: wireStep(step) }),
    )
  }

  fastify.post('/debug', async (request, reply) => {
    const query = branchQuery(request)
    const body = new BodyReader(request.body ?? {})
    const options = sessionOptions(body)
    body.done()
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const id = await sessions.begin(tenant, () => on.debug({ ...options, tenant }))
    return sessions.use(tenant, id, async (session) =>
      send(reply.code(201), id, session, await session.current()),
    )
  })

  fastify.get<SessionRoute>('/debug/:id', async (request, reply) => {
    refuseParameters(request)
    const { id } = request.params
    const { tenant } = await callerOf(request, reply, serving)
    return sessions.use(tenant, id, async (session) => send(reply, id, session, await session.current()))
  })

  fastify.post<SessionRoute>('/debug/:id/step', async (request, reply) => {
    refuseParameters(request)
    const { id } = request.params
    const body = new BodyReader(request.body ?? {})
    const move = moveOf(body)
    body.done()
    const { tenant } = await callerOf(request, reply, serving)
    const signal = untilClosed(reply)
    return sessions.use(tenant, id, async (session) => send(reply, id, session, await move(session, signal)))
  })

  fastify.delete<SessionRoute>('/debug/:id', async (request, reply) => {
    refuseParameters(request)
    const { tenant } = await callerOf(request, reply, serving)
    sessions.end(tenant, request.params.id)
    return reply.code(204).send()
  })
}

function sessionOptions(body: BodyReader): Omit<DebugOptions, 'tenant'> {
  const streams = texts(body, 'streams')
  const types = texts(body, 'types')
  const correlation = body.text('correlation', longestName)
  const from = body.position('from')
  return {
    ...(streams !== undefined && { streams }),
    ...(types !== undefined && { types }),
    ...(correlation !== undefined && { correlation }),
    ...(from !== undefined && { from }),
  }
}

function moveOf(body: BodyReader): Move {
  const to = body.position('to')
  const type = body.text('type', longestName)
  const until = conditionOf(body)
  const asked = body.text('direction', longestName) ?? 'forward'
  const direction = asked === 'back' ? 'back' : 'forward'
  if (asked !== direction) body.refuse('direction', 'It is not forward or back')
  if ([to, type, until].filter((one) => one !== undefined).length > 1)
    body.refuse('to', 'A step goes to a position, to a type, or until a condition holds')
  return (session, signal) => {
    if (to !== undefined) return session.runTo(to)
    if (type !== undefined) return session.runToType(type, { direction, signal })
    if (until !== undefined) return session.runUntil(until, { direction, signal })
    return direction === 'back' ? session.back() : session.step()
  }
}

function conditionOf(body: BodyReader): StateCondition | undefined {
  if (!body.has('until')) return undefined
  const given = body.value('until')
  const fields = new Map(typeof given === 'object' && given !== null ? Object.entries(given) : [])
  const path = fields.get('path')
  const operator = operators.find((one) => one === (fields.get('operator') ?? 'eq'))
  const value = fields.get('value')
  const stream = fields.get('stream')
  const isScalar = (one: unknown): one is string | number | boolean | null =>
    one === null || ['string', 'number', 'boolean'].includes(typeof one)
  const isValue = isScalar(value) || (Array.isArray(value) && value.every(isScalar))
  if (
    typeof path === 'string' &&
    operator !== undefined &&
    isValue &&
    (stream === undefined || typeof stream === 'string')
  )
    return { path, operator, value, ...(stream !== undefined && { stream }) }
  body.refuse(
    'until',
    `It is not {path, operator, value, stream?} with an operator of ${operators.join(', ')}`,
  )
  return undefined
}

function texts(body: BodyReader, name: string): readonly string[] | undefined {
  if (!body.has(name)) return undefined
  const given = body.value(name)
  const isText = (one: unknown): one is string => typeof one === 'string' && one.length <= longestName
  if (Array.isArray(given) && given.length <= 100 && given.every(isText)) return given
  body.refuse(name, 'It is not a list of up to 100 texts')
  return undefined
}

function wireStep(step: DebugStep | undefined) {
  return step === undefined ? null : { ...step, aggregate: step.aggregate ?? null }
}
