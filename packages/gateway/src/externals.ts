import type { BlockedCall, CallStatus, ExternalCallSummary } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { callerOf, scopeOf } from './caller.ts'
import { QueryReader } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface ExternalRoute {
  Params: { readonly name: string }
}

interface CallRoute {
  Params: { readonly name: string; readonly sequence: string }
}

const scopeParameters = new Set(['allTenants'])
const callParameters = new Set(['status', 'caller', 'before', 'limit', 'allTenants'])
const statuses: readonly CallStatus[] = ['intended', 'answered', 'failed', 'blocked']

/**
 * `GET /externals`: what is called in the world outside, and what was blocked; below it the journal of one of them, and a call
 * with all that is journaled.
 */
export function externalRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { externals } = serving.headwater

  fastify.get('/externals', async (request, reply) => {
    const query = new QueryReader(request, scopeParameters)
    const allTenants = query.flag('allTenants')
    query.done()
    const scope = scopeOf(await callerOf(request, reply, serving), allTenants)
    const blocked = externals
      .blocked()
      .filter(({ tenant }) => 'allTenants' in scope || tenant === scope.tenant)
      .map((call) => wireBlocked(call, allTenants))
    return sendJson(reply, JSON.stringify({ externals: externals.list(), blocked }))
  })

  fastify.get<ExternalRoute>('/externals/:name/calls', async (request, reply) => {
    const query = new QueryReader(request, callParameters)
    const status = query.choice('status', statuses)
    const callerId = query.text('caller')
    const before = query.position('before')
    const limit = query.limit()
    const allTenants = query.flag('allTenants')
    query.done()
    const scope = scopeOf(await callerOf(request, reply, serving), allTenants)
    const calls = await externals.calls({
      ...scope,
      external: request.params.name,
      limit,
      ...(status !== undefined && { status }),
      ...(callerId !== undefined && { callerId }),
      ...(before !== undefined && { before }),
    })
    return sendJson(reply, JSON.stringify({ calls: calls.map((call) => wireCall(call, allTenants)) }))
  })

  fastify.get<CallRoute>('/externals/:name/calls/:sequence', async (request, reply) => {
    const query = new QueryReader(request, scopeParameters)
    const allTenants = query.flag('allTenants')
    query.done()
    const scope = scopeOf(await callerOf(request, reply, serving), allTenants)
    const { name, sequence } = request.params
    const number = /^\d{1,15}$/.test(sequence) ? Number(sequence) : 0
    const call = await externals.call(number, { ...scope, external: name })
    return sendJson(reply, JSON.stringify(wireCall(call, allTenants)))
  })
}

function wireBlocked({ external, tenant, caller, why, at }: BlockedCall, withTenant: boolean): object {
  return { ...(withTenant && { tenant }), external, caller, why, at }
}

/** What is left out of a list, as it is long, is not there: its size is. */
function wireCall(call: ExternalCallSummary, withTenant: boolean): object {
  const { sequence, external, caller, number, status, request, answer, requestSize, answerSize } = call
  const { error, attempts, idempotencyKey, intendedAt, settledAt } = call
  return {
    ...(withTenant && { tenant: call.tenant }),
    sequence,
    external,
    caller,
    number,
    status,
    request,
    answer,
    requestSize,
    answerSize,
    error,
    attempts,
    idempotencyKey,
    intendedAt,
    settledAt,
  }
}
