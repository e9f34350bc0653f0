import { type ErrorCode, errorCodes } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { errorPage } from './options.ts'
import { statusOf } from './statuses.ts'

/** `GET /reference/errors`: where the `type` of a problem points, in the words of the very version that runs. */
export function errorPageRoute(fastify: FastifyInstance): void {
  const page = render()
  fastify.get(errorPage, async (_request, reply) => {
    reply.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    )
    return reply.header('content-type', 'text/html; charset=utf-8').send(page)
  })
}

function render(): string {
  const known = Object.entries(errorCodes).map(([code, { what, remedy }]) =>
    section(code, `${code} · ${isCode(code) ? statusOf(code) : 500}`, what, remedy),
  )
  const rejected = section(
    'rejected',
    'rejected · 422',
    'The domain refused the command.',
    'The problem’s code and data are the reason that the decision gave; the app’s own documentation knows them.',
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Headwater: errors</title>
<meta name="color-scheme" content="light dark"><style>body{font:16px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}
h2{font:600 1rem ui-monospace,monospace;margin:2rem 0 .25rem}:target{background:#fc46}p{margin:.25rem 0}</style>
<h1>Errors</h1><p>Every problem’s <code>code</code>, with its HTTP status, what it means and what to do.</p>
${[...known, rejected].join('\n')}</html>`
}

function isCode(code: string): code is ErrorCode {
  return code in errorCodes
}

function section(id: string, title: string, what: string, remedy: string): string {
  return `<section id="${id}"><h2>${title}</h2><p>${escape(what)}</p><p>${escape(remedy)}</p></section>`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
