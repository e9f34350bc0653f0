import { HeadwaterError } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { type Fault, RequestError } from './problems.ts'
import { QueryReader } from './query.ts'
import { sendJson, sendTagged } from './replies.ts'
import type { Serving } from './serving.ts'

interface StreamRoute {
  Params: { readonly stream: string }
}

const listParameters = new Set(['prefix', 'cursor', 'limit'])
const pageParameters = new Set(['after', 'limit'])

/** `GET /streams`, `/streams/{stream}` and `/streams/{stream}/history`. */
export function streamRoutes(fastify: FastifyInstance, { headwater }: Serving): void {
  fastify.get('/streams', async (request, reply) => {
    const query = new QueryReader(request, listParameters)
    const prefix = query.text('prefix')
    const cursor = query.text('cursor')
    const limit = query.limit()
    query.done()
    // One more than asked for tells whether there is another page; more than 1,000 are not given.
    const asked = Math.min(limit + 1, 1_000)
    const found = await headwater.streams({
      limit: asked,
      ...(prefix !== undefined && { prefix }),
      ...(cursor !== undefined && { after: nameOf(cursor) }),
    })
    const items = found.slice(0, limit)
    const last = items.at(-1)
    const next = found.length === asked && last !== undefined ? cursorOf(last.stream) : null
    return sendJson(reply, JSON.stringify({ items, cursor: next }))
  })

  fastify.get<StreamRoute>('/streams/:stream', async (request, reply) => {
    const { stream } = request.params
    const query = new QueryReader(request, pageParameters)
    const after = query.position('after') ?? 0
    const limit = query.limit()
    query.done()
    const page = await headwater.readStream(stream, { after, limit })
    if (page.revision === 0) throw notFound(stream)
    return sendTagged(reply, `"${page.revision}"`, () => JSON.stringify({ events: page.events }))
  })

  fastify.get<StreamRoute>('/streams/:stream/history', async (request, reply) => {
    const { stream } = request.params
    const query = new QueryReader(request, pageParameters)
    const after = query.position('after') ?? 0
    const limit = query.limit()
    query.done()
    const page = await headwater.history(stream, { after, limit })
    if (page.revision === 0) throw notFound(stream)
    const { revision, initial, items } = page
    reply.header('etag', `"${revision}"`)
    return sendJson(reply, JSON.stringify({ stream, revision, initial: initial ?? null, items }))
  })
}

function notFound(stream: string): HeadwaterError {
  return new HeadwaterError('stream.not-found', `The stream ${JSON.stringify(stream)} has no events`)
}

function cursorOf(name: string): string {
  return Buffer.from(name, 'utf8').toString('base64url')
}

function nameOf(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString('utf8')
  if (name !== '' && cursorOf(name) === cursor) return name
  const fault: Fault = { parameter: 'cursor', detail: 'It is not a cursor that an earlier page gave' }
  throw new RequestError('request.malformed', fault.detail, { faults: [fault] })
}
