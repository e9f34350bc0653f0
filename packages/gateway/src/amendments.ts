import {
  type AmendOptions,
  type HeadwaterError,
  isHeadwaterError,
  type RawContent,
  type RawEdit,
} from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BodyReader } from './body.ts'
import { type Caller, onBehalfOf } from './caller.ts'
import { readCommandHeaders } from './command-headers.ts'
import { branchQuery, callerOn, type On } from './on-branch.ts'
import { pointerTo, RequestError } from './problems.ts'
import { longestWhy } from './processors.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface EventRoute {
  Params: { readonly id: string }
}

/** Of an event's id or type, or a stream's name. */
const longestName = 512

/** Reads one edit from an object, whose place in the body is told where something is wrong with it. */
type ReadEdit = (body: BodyReader, id: string) => RawEdit

/**
 * `POST /events/{id}/ignore`, `correct`, `restore` and `insert`, and `POST /amendments` for many at once: facts about what
 * was recorded.
 */
export function amendmentRoutes(fastify: FastifyInstance, serving: Serving): void {
  const amend = async (
    request: FastifyRequest,
    reply: FastifyReply,
    edits: readonly RawEdit[],
    why: string,
    places: readonly string[],
  ) => {
    const { caller, on } = await callerOn(branchQuery(request), request, reply, serving)
    return sendAmended(request, reply, on, caller, { edits, why, places })
  }

  const amendOne = (act: string, read: ReadEdit): void => {
    fastify.post<EventRoute>(`/events/:id/${act}`, async (request, reply) => {
      branchQuery(request)
      const body = new BodyReader(request.body)
      const why = body.requiredText('why', longestWhy)
      const edit = read(body, request.params.id)
      body.done()
      return amend(request, reply, [edit], why, [''])
    })
  }

  amendOne('ignore', (_body, omit) => ({ omit }))
  amendOne('restore', (_body, restore) => ({ restore }))
  amendOne('correct', (body, replace) => {
    const { type, ...content } = contentOf(body)
    return { replace, by: { ...content, ...(type !== undefined && { type }) } }
  })
  amendOne('insert', (body, after) => ({ insert: requiredContentOf(body), after }))

  fastify.post('/amendments', async (request, reply) => {
    branchQuery(request)
    const { edits, why, places } = amendingIn(request.body)
    return amend(request, reply, edits, why, places)
  })
}

export interface Amending {
  readonly edits: readonly RawEdit[]
  readonly why: string
  /** Where in the body each of the edits says what takes a place: for what is wrong with it. */
  readonly places: readonly string[]
}

/** Amends on main or on a branch, and answers with what was recorded. */
export async function sendAmended(
  request: FastifyRequest,
  reply: FastifyReply,
  on: Pick<On, 'amendRaw'>,
  caller: Caller,
  { edits, why, places }: Amending,
): Promise<FastifyReply> {
  const { id, correlationId } = readCommandHeaders(request.raw)
  const options: AmendOptions = {
    ...onBehalfOf(caller),
    why,
    ...(id !== undefined && { id }),
    ...(correlationId !== undefined && { correlationId }),
  }
  try {
    const said = await on.amendRaw(edits, options)
    return await sendJson(reply, JSON.stringify(said))
  } catch (error) {
    throw isHeadwaterError(error) ? refusalOf(error, places) : error
  }
}

/** Reads a body that is one edit with its `why`, or `{edits, why}`. */
export function amendingIn(content: unknown): Amending {
  const body = new BodyReader(content)
  const why = body.requiredText('why', longestWhy)
  if (!body.has('edits')) return { edits: [editIn(body, '')], why, places: [placeIn(content, '')] }
  const list = body.value('edits')
  if (!Array.isArray(list)) body.refuse('edits', 'It is not a list')
  body.done()
  const items: readonly unknown[] = Array.isArray(list) ? list : []
  const placeOf = (index: number) => `/edits/${index}`
  return {
    edits: items.map((item, index) => editIn(new BodyReader(item, placeOf(index)), placeOf(index))),
    why,
    places: items.map((item, index) => placeIn(item, placeOf(index))),
  }
}

/** `{omit}`, `{restore}`, `{replace: {event, data}}` or `{insert: {stream, after, type, data}}`. */
function editIn(body: BodyReader, place: string): RawEdit {
  const kinds = ['omit', 'restore', 'replace', 'insert'] as const
  const [kind, ...others] = kinds.filter((one) => body.has(one))
  if (kind === undefined || others.length > 0) body.refuse('', `It is one of ${kinds.join(', ')}`)
  const id = kind === 'omit' || kind === 'restore' ? body.requiredText(kind, longestName) : ''
  body.done()
  if (kind === 'omit') return { omit: id }
  if (kind !== 'replace' && kind !== 'insert') return { restore: id }
  const inner = new BodyReader(body.value(kind), `${place}/${kind}`)
  let edit: RawEdit
  if (kind === 'replace') {
    const replace = inner.requiredText('event', longestName)
    const { type, ...content } = contentOf(inner)
    edit = { replace, by: { ...content, ...(type !== undefined && { type }) } }
  } else {
    const after = inner.text('after', longestName)
    const stream = inner.text('stream', longestName)
    if ((after === undefined) === (stream === undefined))
      inner.refuse('after', 'Either the event behind which it stands, or the stream whose first one it is')
    const insert = requiredContentOf(inner)
    edit = after === undefined ? { insert, first: stream ?? '' } : { insert, after }
  }
  inner.done()
  return edit
}

function placeIn(item: unknown, place: string): string {
  const kind = typeof item === 'object' && item !== null && 'replace' in item ? 'replace' : 'insert'
  return `${place}/${kind}`
}

function contentOf(body: BodyReader): Omit<RawContent, 'type'> & { readonly type: string | undefined } {
  const data = body.value('data')
  const type = body.text('type', longestName)
  const version = body.position('version')
  const occurredAt = body.time('occurredAt')
  return { type, data, ...(version !== undefined && { version }), ...(occurredAt && { occurredAt }) }
}

function requiredContentOf(body: BodyReader): RawContent {
  const content = contentOf(body)
  if (content.type === undefined && !body.has('type')) body.refuse('type', 'It is missing')
  return { ...content, type: content.type ?? '' }
}

/** What does not fit an event's schema, or names a type that is not there, is the sender's fault here. */
function refusalOf(error: HeadwaterError, places: readonly string[]): Error {
  const index = error.details?.['edit']
  const place = typeof index === 'number' ? (places[index] ?? '') : undefined
  if (place === undefined) return error
  if (error.code === 'event.unknown') {
    const faults = [{ pointer: `${place}/type`, detail: error.message }]
    return new RequestError('request.malformed', error.message, { faults })
  }
  if (error.code !== 'event.invalid') return error
  const faults = (error.issues ?? []).map(({ path, message }) => ({
    pointer: `${place}/data${pointerTo(path)}`,
    detail: message,
  }))
  return new RequestError('request.malformed', error.message, { faults })
}
