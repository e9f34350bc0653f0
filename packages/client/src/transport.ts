import { type Backoff, delayOf, pause } from './backoff.ts'
import { problemOf } from './problem.ts'

/** Where the gateway is and how to reach it. */
export interface TransportOptions {
  /** The gateway's address, with a path where it is mounted below one: `https://example.com/api`. */
  readonly url: string
  /** In place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** Sent with every request; a function is asked anew each time, so that tokens can be renewed. */
  readonly headers?: Readonly<Record<string, string>> | (() => Promise<Readonly<Record<string, string>>>)
  /** Of which tenant everything is that is read or recorded; default: that of who is asking. */
  readonly tenant?: string | undefined
  /** On which branch of the tenant's everything is that is read or recorded; default: main. */
  readonly branch?: string | undefined
  /** How often a request that may safely be repeated is repeated before its error is given (default 3). */
  readonly retries?: number
  /** Waits between repetitions and reconnections, in milliseconds (default 200 doubling up to 10,000). */
  readonly backoff?: Backoff
}

export interface Request {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | undefined
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

export interface Transport {
  /** For requests about the log wherever it is; undefined: main. */
  readonly branch: string | undefined
  readonly backoff: Backoff
  /** One try; any status is an answer. */
  send(path: string, request?: Request): Promise<Response>
  /** An answer that is well, tried again where the server was not reached or could not yet answer. */
  call(path: string, request?: Request): Promise<Response>
  /** The JSON of such an answer. */
  json<Body>(path: string, request?: Request): Promise<Body>
}

/** Nothing was decided behind these, or what was decided is answered again by its idempotency key. */
const passing = new Set([429, 502, 503])

export function createTransport(options: TransportOptions): Transport {
  const { retries = 3, backoff = { initial: 200, max: 10_000 } } = options
  const send = options.fetch ?? globalThis.fetch.bind(globalThis)
  const base = options.url.replace(/\/+$/, '')

  async function once(path: string, request: Request = {}): Promise<Response> {
    const own = typeof options.headers === 'function' ? await options.headers() : options.headers
    const headers = new Headers({ accept: 'application/json', ...own })
    if (options.tenant) headers.set('headwater-tenant', options.tenant)
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      if (value !== undefined) headers.set(name, value)
    }
    if (request.body !== undefined) headers.set('content-type', 'application/json')
    return send(`${base}${path}${queryString(request.query)}`, {
      method: request.method ?? 'GET',
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: request.signal ?? null,
    })
  }

  async function call(path: string, request: Request = {}): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= retries
      let wait = delayOf(attempt, backoff)
      try {
        const response = await once(path, request)
        if (response.ok) return response
        const problem = await problemOf(response)
        if (last || !passing.has(response.status)) throw problem
        wait = Math.max(wait, retryAfter(response))
      } catch (error) {
        // fetch says TypeError for a connection that failed; all else is an answer or an abort.
        if (last || !(error instanceof TypeError)) throw error
      }
      await pause(wait, request.signal)
      request.signal?.throwIfAborted()
    }
  }

  return {
    branch: options.branch,
    backoff,
    send: once,
    call,
    async json<Body>(path: string, request?: Request): Promise<Body> {
      const response = await call(path, request)
      const body: Body = JSON.parse(await response.text())
      return body
    },
  }
}

/** `Retry-After` in milliseconds; its form as a date is left aside. */
function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? seconds * 1000 : 0
}

function queryString(query: Request['query']): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
