import { HeadwaterError } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { scopeOf } from './caller.ts'
import type { EventStreams } from './event-streams.ts'
import { withTenant } from './envelopes.ts'
import { prefersEventStream } from './negotiation.ts'
import { branchName, callerOn } from './on-branch.ts'
import { type Fault, RequestError } from './problems.ts'
import { QueryReader } from './query.ts'
import { addVary, sendJson } from './replies.ts'
import type { Serving } from './serving.ts'
import { readAs } from './shown.ts'
import { frameOf, frameWithTenant } from './sse.ts'

const pageParameters = new Set(['after', 'limit', 'types', 'as', 'allTenants', branchName])
const streamParameters = new Set(['after', 'types', 'as', 'allTenants', branchName])

/** `GET /events`: a page of the log, or, for who accepts an event stream, the log as it goes on. */
export function eventRoutes(fastify: FastifyInstance, serving: Serving, streams: EventStreams): void {
  fastify.get('/events', async (request, reply) => {
    addVary(reply, 'accept')
    const isStream = request.method === 'GET' && prefersEventStream(request.headers.accept)
    if (isStream) return follow(request, reply)
    const query = new QueryReader(request, pageParameters)
    const after = query.position('after') ?? 0
    const types = query.list('types')
    const limit = query.limit()
    const allTenants = query.flag('allTenants')
    const shown = readAs(query)
    query.done()
    const { caller, on } = await callerOn(query, request, reply, serving)
    const scope = scopeOf(caller, allTenants)
    const page = await on.readEvents({ after, limit, ...scope, ...(types !== undefined && { types }) })
    const { scannedTo, head } = page
    const events = page.events.map(shown)
    return sendJson(
      reply,
      JSON.stringify({ events: allTenants ? events.map(withTenant) : events, scannedTo, head }),
    )
  })

  async function follow(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = new QueryReader(request, streamParameters)
    const types = query.list('types')
    const start = query.position('after') ?? 0
    const shown = readAs(query)
    const allTenants = query.flag('allTenants')
    query.done()
    const { caller, on } = await callerOn(query, request, reply, serving)
    const scope = scopeOf(caller, allTenants)
    const after = lastEventId(request) ?? start
    streams.checkRoom()
    const { position: head } = await on.head()
    if (after > head) {
      throw new HeadwaterError(
        'log.diverged',
        `The log ends at position ${head}; there is nothing after ${after}`,
      )
    }
    const frame = allTenants ? frameWithTenant : frameOf
    reply.hijack()
    streams
      .follow(
        on,
        reply.raw,
        reply.getHeaders(),
        { after, ...scope, ...(types !== undefined && { types }) },
        (event) => frame(shown(event)),
      )
      .catch((error: unknown) => {
        const { id, method, url } = request
        serving.settings.onError(error, { id, method, url })
      })
    return reply
  }
}

/** The position after which a client that was cut off goes on. */
function lastEventId(request: FastifyRequest): number | undefined {
  const given = request.headers['last-event-id']
  if (given === undefined || given === '') return undefined
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given)
  const fault: Fault = {
    header: 'Last-Event-ID',
    detail: 'It is not the id of an event of this stream, which is a position',
  }
  throw new RequestError('request.malformed', `Last-Event-ID: ${fault.detail}`, { faults: [fault] })
}
