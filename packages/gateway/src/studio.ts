import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { wantsHtml } from './negotiation.ts'

const prefix = '/studio/'

/** Files whose names hold a hash of what is in them never change. */
const hashed = /[/\\]assets[/\\]/

/** Answers with Studio's page what is no file but an address inside Studio; undefined: it isn't one. */
export type StudioFallback = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined

/** Serves Studio's built files, and sends a browser that comes to `/` there. */
export function studioRoutes(fastify: FastifyInstance, directory: string): StudioFallback {
  const page = readFileSync(join(directory, 'index.html'), 'utf8')
  const headers = {
    'content-security-policy': contentSecurityPolicy(page),
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  }

  fastify.get('/', async (request, reply) => {
    reply.header('vary', 'accept')
    return wantsHtml(request.headers.accept) ? reply.redirect(prefix) : reply.callNotFound()
  })
  fastify.get('/studio', async (_request, reply) => reply.redirect(prefix))
  fastify.register(staticFiles, {
    root: resolve(directory),
    prefix,
    decorateReply: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      const caching = hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
      reply.headers(headers).header('cache-control', caching)
    },
  })

  return (request, reply) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD'
    if (!isPage || !request.url.startsWith(prefix) || !wantsHtml(request.headers.accept)) return undefined
    return reply
      .headers(headers)
      .header('cache-control', 'no-cache')
      .header('content-type', 'text/html; charset=utf-8')
      .send(page)
  }
}

/** Studio loads nothing from elsewhere; the page's own inline scripts are let through by their hashes. */
function contentSecurityPolicy(page: string): string {
  const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  return [
    "default-src 'self'",
    ["script-src 'self'", ...inline].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
