import fc from 'fast-check'
import { take, toArray } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { type ConnectionState, createClient, HeadwaterProblem } from '../src/index.ts'
import { problem, sent, serve } from './server.ts'

const backoff = { initial: 1, max: 4 }
const head = { 'content-type': 'text/event-stream' }
const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Serves positions up to `last`, each connection ending after the number of bytes that `lives` says. */
async function brokenLog(last: number, lives: readonly number[]) {
  const asked: { after: string | null; lastEventId: string | undefined }[] = []
  const server = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const header = request.headers['last-event-id']?.toString()
    asked.push({ after: url.searchParams.get('after'), lastEventId: header })
    const after = Number(header ?? url.searchParams.get('after'))
    let text = ': hello\n\n'
    for (let position = after + 1; position <= last; position++) text += sent(position)
    const life = lives[asked.length - 1]
    response.writeHead(200, head)
    response.write(Buffer.from(text).subarray(0, life ?? text.length), () => {
      if (life !== undefined) response.destroy()
    })
  })
  stops.push(server.stop)
  return { url: server.url, asked }
}

async function positionsUpTo(url: string, last: number): Promise<number[]> {
  const positions: number[] = []
  for await (const event of createClient({ url, backoff }).events()) {
    positions.push(event.position)
    if (event.position >= last) break
  }
  return positions
}

describe('following the log', () => {
  it('gives every event once and in order, wherever connections break', async () => {
    const lives = fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(lives, async (bytes) => {
        const { url } = await brokenLog(5, bytes)
        expect(await positionsUpTo(url, 5)).toEqual([1, 2, 3, 4, 5])
      }),
      { numRuns: 40 },
    )
  })

  it('goes on after the last event it gave', async () => {
    const { url, asked } = await brokenLog(3, [sent(1).length + 12])
    await positionsUpTo(url, 3)
    expect(asked).toEqual([
      { after: '0', lastEventId: undefined },
      { after: '0', lastEventId: '1' },
    ])
  })

  it('drops what a server sends a second time', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, head)
      response.write(sent(1) + sent(2) + sent(1) + sent(2) + sent(3))
    })
    stops.push(server.stop)
    expect(await positionsUpTo(server.url, 3)).toEqual([1, 2, 3])
  })

  it('opens a connection again on which nothing came for too long', async () => {
    let connections = 0
    const server = await serve((_, response) => {
      response.writeHead(200, head)
      connections++
      response.write(connections === 1 ? ': hello\n\n' : sent(1))
    })
    stops.push(server.stop)
    const client = createClient({ url: server.url, backoff })
    for await (const event of client.events({ stallTime: 30 })) {
      expect(event.position).toBe(1)
      break
    }
    expect(connections).toBe(2)
  })

  it('waits for a server that is not ready and gives up on a refusal that will not pass', async () => {
    let tries = 0
    const server = await serve((_, response) => {
      tries++
      if (tries < 3) return problem(response, 503, 'gateway.starting')
      problem(response, 400, 'events.unknown-type', { detail: 'There is no event Nope.' })
    })
    stops.push(server.stop)
    const events = createClient({ url: server.url, backoff }).events({ types: ['Nope'] })
    const reading = events[Symbol.asyncIterator]().next()
    await expect(reading).rejects.toThrowError(HeadwaterProblem)
    await expect(reading).rejects.toMatchObject({ code: 'events.unknown-type', status: 400 })
    expect(tries).toBe(3)
  })

  it('ends without an error when the signal aborts', async () => {
    const { url } = await brokenLog(2, [])
    const controller = new AbortController()
    const seen: number[] = []
    for await (const event of createClient({ url }).events({ after: 1, signal: controller.signal })) {
      seen.push(event.position)
      controller.abort()
    }
    expect(seen).toEqual([2])
  })
})

describe('the observable of events', () => {
  it('tells whether it is connecting, live or reconnecting', async () => {
    const { url } = await brokenLog(2, [sent(1).length + 10])
    const events$ = createClient({ url, backoff }).events$()
    const states: ConnectionState[] = []
    events$.state$.subscribe((state) => states.push(state))
    const events = await new Promise((resolve, reject) => {
      events$.pipe(take(2), toArray()).subscribe({ next: resolve, error: reject })
    })
    expect(events).toMatchObject([{ position: 1 }, { position: 2 }])
    expect(states.slice(0, 4)).toEqual(['connecting', 'connecting', 'live', 'reconnecting'])
  })

  it('closes its connection when nobody is subscribed any more', async () => {
    const closed = Promise.withResolvers<void>()
    const server = await serve((request, response) => {
      response.writeHead(200, head)
      response.write(sent(1))
      request.socket.on('close', () => closed.resolve())
    })
    stops.push(server.stop)
    const subscription = createClient({ url: server.url })
      .events$()
      .subscribe(() => subscription.unsubscribe())
    await expect(closed.promise).resolves.toBeUndefined()
  })
})
