import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { parse } from 'secure-json-parse'
import type { Settings } from './options.ts'
import { RequestError } from './problems.ts'

/** Reads bodies: JSON in UTF-8, of bounded size and depth, without keys that reach into prototypes. */
export function limitBodies(fastify: FastifyInstance, { bodyDepth }: Settings): void {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      checkEncoding(request.headers['content-type'], request.headers['content-encoding'])
      done(null, readJson(body, bodyDepth))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** @throws RequestError `request.unsupported-media-type` */
function checkEncoding(contentType: string | undefined, contentEncoding: string | undefined): void {
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') {
    throw new RequestError(
      'request.unsupported-media-type',
      `Bodies are not read in the encoding ${contentEncoding}`,
      {
        headers: { 'accept-encoding': 'identity' },
      },
    )
  }
  if (contentType === undefined || contentType === 'application/json') return
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new RequestError('request.unsupported-media-type', `JSON is read in UTF-8, not in ${charset}`)
  }
}

/**
 * @throws RequestError `request.malformed`, `request.too-deep`
 */
export function readJson(body: Buffer, depthLimit: number): unknown {
  if (body.length === 0) throw new RequestError('request.malformed', 'The body is empty; it should be JSON')
  if (!isUtf8(body)) throw new RequestError('request.malformed', 'The body is not UTF-8')
  const text = body.toString('utf8')
  if (isDeeperThan(text, depthLimit)) {
    throw new RequestError('request.too-deep', `The body is nested deeper than ${depthLimit} levels`)
  }
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new RequestError('request.malformed', `The body is not JSON that may be read: ${detail}`, { cause })
  }
}

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const openBrace = 0x7b
const closeBracket = 0x5d
const closeBrace = 0x7d

/** Whether arrays and objects are nested deeper than the limit. Looks before parsing, so that no depth costs a stack. */
export function isDeeperThan(text: string, limit: number): boolean {
  if (text.length <= 2 * limit) return false
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === quote) {
      index = endOfString(text, index)
      if (index < 0) return false
    } else if (code === openBracket || code === openBrace) {
      if (++depth > limit) return true
    } else if (code === closeBracket || code === closeBrace) {
      depth -= 1
    }
  }
  return false
}

/** The index of the quote that ends the string begun at `start`; -1: it has no end. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes += 1
    if (backslashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
  return -1
}
