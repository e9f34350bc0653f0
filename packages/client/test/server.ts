import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A server on a free port, answering as the test says; `stop` breaks what is still open. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function problem(response: ServerResponse, status: number, code: string, extra: object = {}) {
  response.writeHead(status, { 'content-type': 'application/problem+json' })
  response.end(JSON.stringify({ type: `urn:${code}`, title: code, status, code, ...extra }))
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

export function envelope(position: number) {
  return {
    id: `command-${position}.1`,
    type: position % 2 === 0 ? 'Even' : 'Odd',
    version: 1,
    stream: 'number-1',
    aggregateId: '1',
    revision: position,
    position,
    recordedAt: '2026-01-01T00:00:00.000Z',
    occurredAt: null,
    actor: null,
    correlationId: null,
    causationId: `command-${position}`,
    data: { position },
  }
}

export function sent(position: number): string {
  const event = envelope(position)
  return `id: ${position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
