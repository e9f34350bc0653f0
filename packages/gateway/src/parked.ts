import { isHeadwaterError, type Issue, type ParkedEventDetail, type ParkedPlace } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BodyReader } from './body.ts'
import { callerOf, scopeOf } from './caller.ts'
import { pointerTo, RequestError } from './problems.ts'
import { actBy, longestWhy, type ProcessorRoute } from './processors.ts'
import { QueryReader, refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface ParkedRoute {
  Params: { readonly name: string; readonly position: string }
}

const listParameters = new Set(['sequence', 'after', 'limit', 'allTenants'])
const sequencesParameters = new Set(['limit', 'allTenants'])
const placeParameters = new Set(['sequence'])
/** Of a stream or a view's key. */
const longestSequence = 1_024

/** `/processors/{name}/parked` and below: the events that a processor had to leave aside, of the sender's tenant. */
export function parkedRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving
  const parkedOf = (request: FastifyRequest<ProcessorRoute>) =>
    headwater.processor(request.params.name).parked
  const placeOf = async (request: FastifyRequest<ParkedRoute>, reply: FastifyReply) => {
    const query = new QueryReader(request, placeParameters)
    const sequence = query.text('sequence')
    if (sequence === undefined) query.refuse({ parameter: 'sequence', detail: 'It is missing' })
    query.done()
    const caller = await callerOf(request, reply, serving)
    const place: ParkedPlace = {
      sequence: sequence ?? '',
      position: positionOf(request),
      tenant: caller.tenant,
    }
    return { caller, place }
  }

  fastify.get<ProcessorRoute>('/processors/:name/parked', async (request, reply) => {
    const query = new QueryReader(request, listParameters)
    const sequence = query.text('sequence')
    const after = query.position('after')
    const limit = query.limit()
    const allTenants = query.flag('allTenants')
    query.done()
    const scope = scopeOf(await callerOf(request, reply, serving), allTenants)
    const events = await parkedOf(request).list({
      ...scope,
      limit,
      ...(sequence !== undefined && { sequence }),
      ...(after !== undefined && { after }),
    })
    return sendJson(reply, JSON.stringify({ events }))
  })

  fastify.get<ProcessorRoute>('/processors/:name/parked/sequences', async (request, reply) => {
    const query = new QueryReader(request, sequencesParameters)
    const limit = query.limit()
    const allTenants = query.flag('allTenants')
    query.done()
    const scope = scopeOf(await callerOf(request, reply, serving), allTenants)
    return sendJson(
      reply,
      JSON.stringify({ sequences: await parkedOf(request).sequences({ ...scope, limit }) }),
    )
  })

  fastify.get<ParkedRoute>('/processors/:name/parked/:position', async (request, reply) => {
    const { place } = await placeOf(request, reply)
    return sendJson(reply, JSON.stringify(wireDetail(await parkedOf(request).show(place))))
  })

  fastify.put<ParkedRoute>('/processors/:name/parked/:position', async (request, reply) => {
    const body = new BodyReader(request.body)
    const data = body.value('data')
    const why = body.requiredText('why', longestWhy)
    body.done()
    const { caller, place } = await placeOf(request, reply)
    try {
      await parkedOf(request).edit({ ...place, data, ...actBy(caller, why), why })
    } catch (error) {
      throw isHeadwaterError(error, 'event.invalid') ? ofData(error) : error
    }
    return sendJson(reply, JSON.stringify(wireDetail(await parkedOf(request).show(place))))
  })

  fastify.post<ProcessorRoute>('/processors/:name/parked/retry', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const sequence = body.text('sequence', longestSequence)
    const why = body.text('why', longestWhy)
    const allTenants = body.flag('allTenants')
    body.done()
    const caller = await callerOf(request, reply, serving)
    const asked = await parkedOf(request).retry({
      ...scopeOf(caller, allTenants),
      ...actBy(caller, why),
      ...(sequence !== undefined && { sequence }),
    })
    return sendJson(reply.code(202), JSON.stringify({ asked }))
  })

  fastify.post<ProcessorRoute>('/processors/:name/parked/drop', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const sequence = body.requiredText('sequence', longestSequence)
    const position = body.position('position')
    const why = body.requiredText('why', longestWhy)
    body.done()
    const caller = await callerOf(request, reply, serving)
    const dropped = await parkedOf(request).drop({
      sequence,
      tenant: caller.tenant,
      ...actBy(caller, why),
      why,
      ...(position !== undefined && { position }),
    })
    return sendJson(reply, JSON.stringify({ dropped }))
  })
}

/** The event as it was recorded, beside what it is processed with. */
function wireDetail({ edit, event, ...detail }: ParkedEventDetail): object {
  return { ...detail, event: event.toJSON(), edit: edit ?? null }
}

/** What does not fit the event's schema is the sender's fault here. */
function ofData(error: {
  readonly message: string
  readonly issues?: readonly Issue[] | undefined
}): RequestError {
  const faults = (error.issues ?? []).map(({ path, message }) => ({
    pointer: `/data${pointerTo(path)}`,
    detail: message,
  }))
  return new RequestError('request.malformed', error.message, { faults })
}

/** @throws RequestError `request.malformed` */
function positionOf({ params: { position } }: FastifyRequest<ParkedRoute>): number {
  if (/^[1-9]\d{0,14}$/.test(position)) return Number(position)
  throw new RequestError(
    'request.malformed',
    `${JSON.stringify(position)} is no position: they are numbers from 1`,
  )
}
