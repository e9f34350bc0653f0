import type { IncomingMessage } from 'node:http'
import { identifier, type Identify } from './identity.ts'

/** What a gateway is told when it is made; everything has a default. */
export interface GatewayOptions {
  /**
   * Who sends a request; null: nobody in particular. It becomes the actor of commands and their events. May throw a
   * HeadwaterError `command.forbidden`. Default: nobody is known. The short form of `identify`.
   */
  readonly actor?: (request: IncomingMessage) => string | null
  /** Who sends a request, and of which tenant; instead of `actor`. May throw a HeadwaterError `tenant.forbidden`. */
  readonly identify?: Identify
  /**
   * Whether `Headwater-Tenant` is taken from anyone, where the identity names no tenant: then everybody who gets in reaches
   * every tenant. Default: not in production.
   */
  readonly tenantHeader?: boolean
  /** Listen beyond this machine in production although nobody is asked who they are. Default false. */
  readonly allowAnonymous?: boolean
  /** Default: whether NODE_ENV is `production`. */
  readonly production?: boolean
  /** Bytes that a body may have. Default 1 MiB. */
  readonly bodyLimit?: number
  /** How deep arrays and objects of a body may be nested. Default 32. */
  readonly bodyDepth?: number
  /** Web origins whose pages may use the API, such as `https://shop.example`; `*`: any. Default: none. */
  readonly corsOrigins?: '*' | readonly string[]
  /**
   * Host names that requests may be addressed to, without port. A page of any origin can have its own name resolve to
   * this machine (DNS rebinding), so by default a gateway that listens on loopback only answers to loopback names.
   */
  readonly allowedHosts?: readonly string[]
  /** The directory of Studio's built files, served under /studio/. */
  readonly studio?: string
  /** A directory of the app's own pages, plain files, served under /app/. */
  readonly pages?: string
  /**
   * False: it answers to /livez, /readyz and /metrics only, as for a process that has other roles than answering. Default
   * true.
   */
  readonly api?: boolean
  /** Where the `type` of problems points, before `#<code>`. Default: the page that the gateway serves itself. */
  readonly errorReference?: string
  /** Milliseconds that a `waitFor` waits unless `timeout` says otherwise. Default 5,000. */
  readonly waitTime?: number
  /** Milliseconds that a request may ask to wait at most. Default 60,000. */
  readonly longestWait?: number
  /** Milliseconds between the comments that keep event streams alive. Default 15,000. */
  readonly heartbeat?: number
  /** Milliseconds after which a client that takes nothing is dropped. Default 60,000. */
  readonly slowClientLimit?: number
  /** Event streams open at once. Default 10,000. */
  readonly eventStreamLimit?: number
  /**
   * Milliseconds for which `close` goes on serving while /readyz already says no, so that load balancers notice before
   * connections are refused. Default 0.
   */
  readonly drainTime?: number
  /** Milliseconds that `close` lets running requests finish in. Default 10,000. */
  readonly stopLimit?: number
  /** Gets what went wrong inside; the client only gets the request's id. Default: writes it to stderr. */
  readonly onError?: (error: unknown, request: FailedRequest | undefined) => void
}

/** The request in which something went wrong. */
export interface FailedRequest {
  readonly id: string
  readonly method: string
  readonly url: string
}

export type Settings = Required<
  Omit<GatewayOptions, 'actor' | 'identify' | 'pages' | 'studio' | 'allowedHosts' | 'corsOrigins'>
> &
  Pick<GatewayOptions, 'identify' | 'pages' | 'studio' | 'allowedHosts' | 'corsOrigins'>

/** Where the gateway serves the page about its errors. */
export const errorPage = '/reference/errors'

export function settingsOf(options: GatewayOptions): Settings {
  const production = options.production ?? process.env['NODE_ENV'] === 'production'
  const identify = identifier(options)
  return {
    ...options,
    ...(identify !== undefined && { identify }),
    allowAnonymous: options.allowAnonymous ?? false,
    production,
    tenantHeader: options.tenantHeader ?? !production,
    api: options.api ?? true,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    bodyDepth: options.bodyDepth ?? 32,
    errorReference: options.errorReference ?? errorPage,
    waitTime: options.waitTime ?? 5_000,
    longestWait: options.longestWait ?? 60_000,
    heartbeat: options.heartbeat ?? 15_000,
    slowClientLimit: options.slowClientLimit ?? 60_000,
    eventStreamLimit: options.eventStreamLimit ?? 10_000,
    drainTime: options.drainTime ?? 0,
    stopLimit: options.stopLimit ?? 10_000,
    onError: options.onError ?? writeError,
  }
}

function writeError(error: unknown, request: FailedRequest | undefined): void {
  const where = request === undefined ? '' : ` ${request.id} ${request.method} ${request.url}`
  console.error(`headwater gateway:${where}`, error)
}
