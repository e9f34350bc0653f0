import { isIP } from 'node:net'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { HeadwaterError } from '@headwater/core'
import type { Settings } from './options.ts'
import { RequestError } from './problems.ts'
import type { Serving } from './serving.ts'

/** Headers for every answer: nothing is to be sniffed, and nothing embedded by other sites. */
export const secureHeaders = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const

/** What is checked before any route: the server still runs, and the request is meant for it. */
export function guard(fastify: FastifyInstance, serving: Serving, hosts: AllowedHosts): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(secureHeaders)
    if (serving.phase === 'stopping') {
      reply.header('connection', 'close')
      return done(new RequestError('gateway.stopping', 'The server is shutting down'))
    }
    if (!hosts.allows(request.headers.host)) {
      return done(
        new RequestError('request.wrong-host', `This server does not answer for ${request.headers.host}`),
      )
    }
    done()
  })
}

/** Lets pages of other origins use the API, where they are named. */
export function allowOrigins(fastify: FastifyInstance, { corsOrigins }: Settings): void {
  if (corsOrigins === undefined) return
  fastify.register(cors, {
    origin: corsOrigins === '*' ? '*' : [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'correlation-id',
      'headwater-tenant',
      'idempotency-key',
      'if-match',
      'if-none-match',
      'last-event-id',
      'traceparent',
    ],
    exposedHeaders: ['etag', 'retry-after'],
    maxAge: 600,
    // An OPTIONS request that asks nothing about origins is a wrong method like any other.
    strictPreflight: false,
  })
}

/** Which names requests may be addressed to. */
export interface AllowedHosts {
  allows(host: string | undefined): boolean
  /** Told where the server listens: on loopback only loopback names are answered, unless names were given. */
  listeningOn(host: string): void
}

export function allowedHosts({ allowedHosts: given }: Settings): AllowedHosts {
  const names = given === undefined ? undefined : new Set(given.map((name) => name.toLowerCase()))
  let isLocal = false
  // Clients hardly ever change the name that they use.
  let lastAllowed: string | undefined
  return {
    listeningOn: (host) => {
      isLocal = isLoopback(host)
    },
    allows: (host) => {
      if (host === lastAllowed || host === undefined || (names === undefined && !isLocal)) return true
      const name = nameIn(host)
      const isAllowed = names?.has(name) === true || (isLocal && isLoopback(name))
      if (isAllowed) lastAllowed = host
      return isAllowed
    },
  }
}

/** The name in a Host header, without port and brackets. */
function nameIn(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  const name = end > 0 ? host.slice(0, end) : host
  return name.replace(/^\[|\]$/g, '').toLowerCase()
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1' || host.endsWith('.localhost')) return true
  return host.startsWith('127.') && isIP(host) === 4
}

/**
 * In production nobody outside this machine gets in without being asked who they are, unless that was said to be fine.
 *
 * @throws HeadwaterError `gateway.unprotected`
 */
export function checkExposure(host: string, { production, allowAnonymous, identify }: Settings): void {
  if (!production || allowAnonymous || identify !== undefined || isLoopback(host)) return
  throw new HeadwaterError(
    'gateway.unprotected',
    `In production the gateway does not listen on ${host} while anybody may send any command: listen on 127.0.0.1 ` +
      'behind a proxy that authenticates, give the gateway an actor function, or set allowAnonymous: true',
  )
}
