import { resolve } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const prefix = '/app/'

/** An app's pages load from here only, and are shown in no frame: what they show is somebody's data. */
const headers = {
  'content-security-policy': [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  // What changed is seen at once; where nothing has, the answer is empty.
  'cache-control': 'no-cache',
}

/** Serves an app's own pages, plain files, beside its API: of the same origin, so that they may call it. */
export function pageRoutes(fastify: FastifyInstance, directory: string): void {
  fastify.get('/app', async (_request, reply) => reply.redirect(prefix))
  fastify.register(staticFiles, {
    root: resolve(directory),
    prefix,
    decorateReply: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply) => {
      reply.headers(headers)
    },
  })
}
