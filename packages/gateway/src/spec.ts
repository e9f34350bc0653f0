import { type Action, type Caller, type Expectation, requireSame, type Scene } from '@headwater/core/spec'
import { createGateway, type Gateway } from './gateway.ts'
import type { GatewayOptions } from './options.ts'

/** What a request was answered with. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** Parsed, where it is JSON; else text. */
  readonly body: unknown
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** Requests to a gateway with the same options. */
export interface Http {
  request(method: Method, path: string, options?: RequestOptions): Action
  get(path: string, headers?: Readonly<Record<string, string>>): Action
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Action
}

/** The gateways of scenes, by the options that they were made with. */
const gateways = new WeakMap<Scene, Map<GatewayOptions, Gateway>>()

/**
 * Requests for specifications of an app, answered by a gateway in this process and without a socket.
 *
 * @param options as for `createGateway`: who is asking, say
 */
export function http(options: GatewayOptions = {}): Http {
  const request: Http['request'] = (method, path, { headers = {}, body } = {}) => ({
    kind: 'action',
    name: `${method} ${path}`,
    data: body ?? {},
    run: (scene) => send(gatewayOf(scene, options), method, path, headers, body),
  })
  return {
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: (path, body, headers = {}) => request('POST', path, { headers, body }),
  }
}

const plain = http()

/** `GET` of a gateway with its default options. */
export const get = plain.get
/** `POST` of JSON to a gateway with its default options. */
export const post = plain.post

/**
 * Expects what the last request was answered with; what isn't named may be anything.
 *
 * @param body all of it, or what `like({ … })` names
 * @param headers by their names in small letters
 */
export function answers(
  status: number,
  body?: unknown,
  headers?: Readonly<Record<string, unknown>>,
): Expectation {
  const expected = { status, ...(headers !== undefined && { headers }), ...(body !== undefined && { body }) }
  return { kind: 'expectation', check: (scene, caller) => check(scene, expected, caller) }
}

async function check(
  scene: Scene,
  expected: {
    readonly headers?: Readonly<Record<string, unknown>>
    readonly body?: unknown
    readonly status: number
  },
  caller: Caller,
): Promise<void> {
  const { done } = scene
  if (done?.what !== 'other' || !isAnswer(done.result))
    throw new TypeError('answers(…) looks at the answer to the last request; there was none')
  const { status, headers, body } = done.result
  const named = Object.keys(expected.headers ?? {})
  const actual = {
    status,
    ...(expected.headers !== undefined && {
      headers: Object.fromEntries(named.map((name) => [name, headers[name]])),
    }),
    // Where the status is another one, the body says why.
    ...((expected.body !== undefined || status !== expected.status) && { body }),
  }
  const headline = `${scene.name}: ${done.name} was answered otherwise than expected`
  requireSame(expected, actual, headline, await scene.told(), caller)
}

function gatewayOf(scene: Scene, options: GatewayOptions): Gateway {
  const own = gateways.get(scene) ?? new Map<GatewayOptions, Gateway>()
  gateways.set(scene, own)
  const known = own.get(options)
  if (known !== undefined) return known
  const gateway = createGateway(scene.headwater, { onError: () => undefined, ...options })
  own.set(options, gateway)
  scene.atEnd(() => gateway.close())
  return gateway
}

async function send(
  { fastify }: Gateway,
  method: Method,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<Answer> {
  const isJson = body !== undefined
  const response = await fastify.inject({
    method,
    url,
    headers: { ...(isJson && { 'content-type': 'application/json' }), ...headers },
    ...(isJson && { payload: JSON.stringify(body) }),
  })
  const { statusCode: status, headers: received, body: text } = response
  const type = String(received['content-type'])
  return { status, headers: received, body: /\bjson\b/.test(type) ? response.json() : text }
}

function isAnswer(result: unknown): result is Answer {
  return typeof result === 'object' && result !== null && 'status' in result && 'headers' in result
}
