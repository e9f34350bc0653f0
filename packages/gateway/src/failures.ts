import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { isHeadwaterError } from '@headwater/core'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Settings } from './options.ts'
import { isInternal, problemOf, RequestError } from './problems.ts'
import { sendProblem } from './replies.ts'
import type { Serving } from './serving.ts'
import type { StudioFallback } from './studio.ts'

/** Answers everything that goes wrong with a problem document; what is our fault goes to the error hook in full. */
export function failureHandlers(
  fastify: FastifyInstance,
  serving: Serving,
  methodsOf: MethodsOf,
  fallback: StudioFallback | undefined,
): void {
  const { settings } = serving

  fastify.setErrorHandler((thrown, request, reply) => fail(serving, thrown, request, reply))

  fastify.setNotFoundHandler((request, reply) => {
    const page = fallback?.(request, reply)
    if (page !== undefined) return page
    const path = request.url.split('?', 1)[0] ?? ''
    const methods = methodsOf(path)
    const isWrongMethod = methods.length > 0 && !methods.includes(request.method)
    const error = isWrongMethod
      ? new RequestError('request.method-not-allowed', `${path} does not answer to ${request.method}`, {
          headers: { allow: methods.join(', ') },
        })
      : new RequestError('request.not-found', `There is nothing at ${path}`)
    serving.metrics.failed(error.code)
    return sendProblem(reply, problemOf(error, settings.errorReference, request.id), error.headers)
  })
}

/** Answers a request whose route threw, or that reached none. */
export function fail(
  { settings, metrics }: Serving,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = translate(thrown)
  const code = isHeadwaterError(error) ? error.code : 'request.failed'
  metrics.failed(code)
  if (!isHeadwaterError(error) || isInternal(error)) {
    const { id, method, url } = request
    settings.onError(error, { id, method, url })
  }
  const headers = error instanceof RequestError ? error.headers : {}
  return sendProblem(reply, problemOf(error, settings.errorReference, request.id), headers)
}

/** Fastify's own errors in our codes. */
function translate(thrown: unknown): unknown {
  if (!isFastifyError(thrown)) return thrown
  switch (thrown.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new RequestError('request.unsupported-media-type', 'Bodies are read as application/json only')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RequestError('request.too-large', 'The body is larger than allowed')
    default:
      return thrown.statusCode !== undefined && thrown.statusCode < 500
        ? new RequestError('request.malformed', thrown.message, { cause: thrown })
        : thrown
  }
}

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error &&
    !isHeadwaterError(error) &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
  )
}

/** Which methods an address answers to. */
export type MethodsOf = (path: string) => readonly string[]

/** Notes every route that is added from now on; asked only when a request met none. */
export function routeTable(fastify: FastifyInstance): MethodsOf {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = []
  fastify.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const source = url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[^/]+/g, '[^/]+')
      .replaceAll('*', '.*')
    routes.push({ pattern: new RegExp(`^${source}$`), methods: [method].flat() })
  })
  return (path) =>
    [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))].sort()
}

/** Answers what isn't even HTTP, or comes too slowly, on the bare socket. */
export function answerBrokenRequest(
  settings: Settings,
  error: Error & { code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const status = isTooLarge ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const detail =
    status === 431
      ? 'The request’s line and headers are larger than allowed'
      : status === 408
        ? 'The request did not arrive in time'
        : 'The request is not HTTP'
  const refusal = new RequestError(isTooLarge ? 'request.too-large' : 'request.malformed', detail, { status })
  const body = JSON.stringify(problemOf(refusal, settings.errorReference, ''))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
