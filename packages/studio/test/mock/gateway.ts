import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { createFakeLog } from './log.ts'
import { shopCatalog } from './shop-catalog.ts'
import { evolve, initialStates } from './shop-fold.ts'
import { createTraffic } from './shop-traffic.ts'
import { documentsOf, listed } from './shop-views.ts'

const media: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Answers as the gateway does, from memory: Studio's rooms can be worked on and tested with it alone. */
export async function startFakeGateway(options: { port?: number; studio?: string; visits?: number } = {}) {
  let clock = Date.now() - (options.visits ?? 0) * 700
  const log = createFakeLog(() => clock)
  const random = seeded(7)
  const visit = createTraffic(log, random)
  for (let count = 0; count < (options.visits ?? 0); count++) {
    clock += 700
    visit()
  }
  const lag = { events: 0, seconds: 0 }
  const lists = shopCatalog.contexts.flatMap((context) => context.views)
  const reactions = shopCatalog.contexts.flatMap((context) => context.subscriptions)

  function route(path: string[], query: URLSearchParams): unknown {
    const after = Number(query.get('after') ?? 0)
    const limit = Number(query.get('limit') ?? 100)
    const head = log.events.length
    const [room, name, part] = path
    if (room === 'catalog') return shopCatalog
    if (room === 'processors') {
      const all = [
        ...lists.map((view) => ({ name: view.name, kind: 'view' })),
        ...reactions.map((subscription) => ({ name: subscription.name, kind: 'subscription' })),
      ]
      return {
        processors: all.map((one) => ({ ...one, status: 'running', position: head, head, lag, parked: 0 })),
      }
    }
    if (room === 'views' && !name) return { views: lists.map((view) => ({ ...view, position: head, lag })) }
    if (room === 'views' && name && lists.some((view) => view.name === name)) {
      const documents = documentsOf(name, log.events)
      return part ? documents.find((document) => document.key === part) : listed(documents, query)
    }
    if (room === 'commands') {
      const commands = log.commands.slice(after, after + limit)
      return { commands, scannedTo: after + commands.length }
    }
    if (room === 'events' && !name) {
      const types = query.get('types')?.split(',')
      const scanned = log.events.slice(after, after + limit)
      const events = scanned.filter((event) => !types || types.includes(event.type))
      return { events, scannedTo: after + scanned.length, head }
    }
    if (room === 'events') return log.events.find((event) => event.id === name)
    if (room === 'trace') {
      const first =
        log.events.find((event) => event.id === name || event.correlationId === name) ??
        log.commands.find((command) => command.id === name)
      if (!first) return undefined
      const { correlationId } = first
      return {
        correlationId,
        events: log.events.filter((event) => event.correlationId === correlationId),
        commands: log.commands.filter((command) => command.correlationId === correlationId),
      }
    }
    if (room === 'streams' && !name) {
      const cursor = query.get('cursor') ?? ''
      const prefix = query.get('prefix') ?? ''
      const all = [...log.revisions].filter(([stream]) => stream.startsWith(prefix) && stream > cursor)
      all.sort(([a], [b]) => (a < b ? -1 : 1))
      const items = all.slice(0, limit).map(([stream, revision]) => ({ stream, revision }))
      return { items, cursor: all.length > limit ? items.at(-1)?.stream : null }
    }
    if (room === 'streams' && name) {
      const events = log.events.filter((event) => event.stream === name)
      if (events.length === 0) return undefined
      if (part !== 'history') return { events }
      const initial = initialStates[name.split('-')[0] ?? ''] ?? {}
      let state = initial
      const items = events.map((event) => {
        state = evolve(state, event)
        return { event, state }
      })
      const before = after > 0 ? items[after - 1]?.state : initial
      return { stream: name, revision: events.length, initial: before, items: items.slice(after, after + limit) }
    }
    return undefined
  }

  function follow(response: ServerResponse, after: number) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const send = (event: (typeof log.events)[number]) =>
      response.write(`id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    for (const event of log.events.slice(after)) send(event)
    log.listeners.add(send)
    response.on('close', () => log.listeners.delete(send))
  }

  async function serveStudio(path: string, response: ServerResponse) {
    const file = extname(path) ? path.replace('/studio/', '') : 'index.html'
    const content = await readFile(join(options.studio ?? '', file))
    response.setHeader('content-type', media[extname(file)] ?? 'application/octet-stream').end(content)
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (options.studio && url.pathname.startsWith('/studio')) return serveStudio(url.pathname, response)
    if (request.headers.accept === 'text/event-stream') {
      return follow(response, Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0))
    }
    const path = url.pathname.split('/').slice(1).map(decodeURIComponent)
    const body = route(path, url.searchParams)
    response.statusCode = body === undefined ? 404 : 200
    response.setHeader('content-type', body === undefined ? 'application/problem+json' : 'application/json')
    const missing = {
      status: 404,
      code: `${path[0]}.not-found`,
      title: 'Not found',
      detail: `There is no ${path.join(' ')}.`,
    }
    response.end(JSON.stringify(body ?? missing))
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    visit() {
      clock = Date.now()
      visit()
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A small generator of the same numbers every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
