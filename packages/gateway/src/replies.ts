import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Problem } from './problems.ts'

/** Seconds after which a client may try again what was refused for want of room. */
const retryAfter = '1'

/** Answers with a problem document. */
export function sendProblem(
  reply: FastifyReply,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  if (problem.status === 503) reply.header('retry-after', retryAfter)
  return reply
    .code(problem.status)
    .headers(headers)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem))
}

/** Answers with JSON that was made already. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.header('content-type', 'application/json; charset=utf-8').send(json)
}

/** Answers with JSON that carries a tag by which a client can ask whether it is still the same: 304 if so. */
export function sendTagged(reply: FastifyReply, etag: string, json: () => string): FastifyReply {
  return isStill(reply, etag) ? reply.code(304).send() : sendJson(reply, json())
}

/** The same for text of another kind, whose tag is made of it. */
export function sendTaggedText(reply: FastifyReply, type: string, text: string): FastifyReply {
  if (isStill(reply, tagOf(text))) return reply.code(304).send()
  return reply.header('content-type', `${type}; charset=utf-8`).send(text)
}

/** A tag that stands for a text. */
export function tagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}

/** Tags the answer; whether the client has the same already. */
function isStill(reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag).header('cache-control', 'no-cache')
  const known = reply.request.headers['if-none-match']
  return known !== undefined && matches(known, etag)
}

/** The weak comparison of RFC 9110, section 8.8.3.2. */
function matches(known: string, etag: string): boolean {
  return known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

/** Says that the answer depends on a header of the request. */
export function addVary(reply: FastifyReply, header: string): void {
  const before = reply.getHeader('vary')
  reply.header('vary', before === undefined ? header : `${String(before)}, ${header}`)
}
