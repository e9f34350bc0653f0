import { describeMoment, HeadwaterError, type Moment } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { branchName, callerOn } from './on-branch.ts'
import { type Fault, RequestError } from './problems.ts'
import { QueryReader } from './query.ts'
import { sendJson, sendTagged } from './replies.ts'
import type { Serving } from './serving.ts'
import { readAs } from './shown.ts'

interface StreamRoute {
  Params: { readonly stream: string }
}

const listParameters = new Set(['prefix', 'cursor', 'limit', branchName])
const pageParameters = new Set(['after', 'limit', 'at', 'known', 'as', branchName])
const historyParameters = new Set(['after', 'limit', 'at', 'known', branchName])
const stateParameters = new Set(['at', 'known', branchName])

/** `GET /streams`, `/streams/{stream}`, and its `/history` and `/state`. */
export function streamRoutes(fastify: FastifyInstance, serving: Serving): void {
  fastify.get('/streams', async (request, reply) => {
    const query = new QueryReader(request, listParameters)
    const prefix = query.text('prefix')
    const cursor = query.text('cursor')
    const limit = query.limit()
    query.done()
    const { tenant, on } = await callerOn(query, request, reply, serving)
    // One more than asked for tells whether there is another page; more than 1,000 are not given.
    const asked = Math.min(limit + 1, 1_000)
    const found = await on.streams({
      limit: asked,
      tenant,
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
    const at = query.moment('at')
    const known = query.position('known')
    const shown = readAs(query)
    query.done()
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const page = await on.readStream(stream, { after, limit, at, known, tenant })
    if (page.revision === 0) throw notFound(stream, at ?? known)
    return sendTagged(reply, `"${page.revision}"`, () => JSON.stringify({ events: page.events.map(shown) }))
  })

  fastify.get<StreamRoute>('/streams/:stream/history', async (request, reply) => {
    const { stream } = request.params
    const query = new QueryReader(request, historyParameters)
    const after = query.position('after') ?? 0
    const limit = query.limit()
    const at = query.moment('at')
    const known = query.position('known')
    query.done()
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const page = await on.history(stream, { after, limit, at, known, tenant })
    if (page.revision === 0) throw notFound(stream, at ?? known)
    const { revision, initial, items } = page
    reply.header('etag', `"${revision}"`)
    return sendJson(reply, JSON.stringify({ stream, revision, initial: initial ?? null, items }))
  })

  fastify.get<StreamRoute>('/streams/:stream/state', async (request, reply) => {
    const { stream } = request.params
    const query = new QueryReader(request, stateParameters)
    const at = query.moment('at')
    const known = query.position('known')
    query.done()
    const { tenant, on } = await callerOn(query, request, reply, serving)
    const { revision, state } = await on.state(stream, { at, known, tenant })
    if (revision === 0) throw notFound(stream, at ?? known)
    return sendTagged(reply, `"${revision}"`, () =>
      JSON.stringify({ stream, revision, state: state ?? null }),
    )
  })
}

function notFound(stream: string, at: Moment | undefined): HeadwaterError {
  const then = at === undefined ? '' : ` as of ${describeMoment(at)}`
  return new HeadwaterError('stream.not-found', `The stream ${JSON.stringify(stream)} has no events${then}`)
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
