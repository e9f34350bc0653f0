import { type Headwater, memoryStore, openStore, type OpenOptions } from '@headwater/core'
import { createGateway, type Gateway, type GatewayOptions } from '@headwater/gateway'
import { onTestFinished } from 'vitest'
import { counters } from './app.ts'

export interface Served {
  readonly headwater: Headwater
  readonly gateway: Gateway
}

/** The counters behind a gateway without a socket, closed when the test ends. */
export async function serve(
  options: GatewayOptions = {},
  overrides: Partial<Headwater> = {},
  open: OpenOptions = {},
): Promise<Served> {
  const opened = await openStore(counters, memoryStore(), { onError: () => undefined, ...open })
  const headwater = overridden(opened, overrides)
  const gateway = createGateway(headwater, { onError: () => undefined, ...options })
  onTestFinished(async () => {
    await gateway.close()
    await opened.close()
  })
  return { headwater, gateway }
}

/** The same on a free port. */
export async function listen(
  options: GatewayOptions = {},
  overrides: Partial<Headwater> = {},
): Promise<Served & { readonly url: string; readonly port: number }> {
  const served = await serve(options, overrides)
  const { url, port } = await served.gateway.listen()
  return { ...served, url, port }
}

/** An object of which some methods do something else. */
export function overridden<Target extends object>(original: Target, overrides: Partial<Target>): Target {
  return new Proxy(original, {
    get(target, name) {
      if (name in overrides) return Reflect.get(overrides, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>
  readonly body: string
  json(): Record<string, unknown>
}

/** Sends a command as JSON. */
export async function post(
  { gateway }: Pick<Served, 'gateway'>,
  type: string,
  data: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return request({ gateway }, 'POST', `/commands/${type}`, {
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof data === 'string' || Buffer.isBuffer(data) ? data : JSON.stringify(data),
  })
}

export function get(
  served: Pick<Served, 'gateway'>,
  url: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return request(served, 'GET', url, { headers })
}

export async function request(
  { gateway }: Pick<Served, 'gateway'>,
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS',
  url: string,
  rest: { headers?: Record<string, string>; payload?: string | Buffer } = {},
): Promise<Answer> {
  const response = await gateway.fastify.inject({ method, url, ...rest })
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.body,
    json: () => response.json(),
  }
}
