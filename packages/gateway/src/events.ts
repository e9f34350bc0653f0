import { HeadwaterError } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { EventStreams } from './event-streams.ts'
import { prefersEventStream } from './negotiation.ts'
import { type Fault, RequestError } from './problems.ts'
import { QueryReader } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

const pageParameters = new Set(['after', 'limit', 'types'])
const streamParameters = new Set(['after', 'types'])

/** `GET /events`: a page of the log, or, for who accepts an event stream, the log as it goes on. */
export function eventRoutes(fastify: FastifyInstance, serving: Serving, streams: EventStreams): void {
  const { headwater } = serving

  fastify.get('/events', async (request, reply) => {
    reply.header('vary', 'accept')
    const isStream = request.method === 'GET' && prefersEventStream(request.headers.accept)
    if (isStream) return follow(request, reply)
    const query = new QueryReader(request, pageParameters)
    const after = query.position('after') ?? 0
    const types = query.list('types')
    const limit = query.limit()
    query.done()
    const page = await headwater.readEvents({ after, limit, ...(types !== undefined && { types }) })
    const { events, scannedTo, head } = page
    return sendJson(reply, JSON.stringify({ events, scannedTo, head }))
  })

  async function follow(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = new QueryReader(request, streamParameters)
    const types = query.list('types')
    const start = query.position('after') ?? 0
    query.done()
    const after = lastEventId(request) ?? start
    streams.checkRoom()
    const { position: head } = await headwater.head()
    if (after > head) {
      throw new HeadwaterError(
        'log.diverged',
        `The log ends at position ${head}; there is nothing after ${after}`,
      )
    }
    reply.hijack()
    streams
      .follow(reply.raw, reply.getHeaders(), { after, ...(types !== undefined && { types }) })
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
