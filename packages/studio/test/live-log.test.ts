import { createServer } from 'node:http'
import { createClient, type Envelope } from '@headwater/client'
import { afterEach, describe, expect, it } from 'vitest'
import { createLiveLog } from '../src/data/live-log.ts'
import { perSecond } from '../src/data/rates.ts'
import { passes } from '../src/rooms/live/live-filter.ts'

const stops: (() => void)[] = []

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

function event(position: number): Envelope {
  return {
    id: `c${position}.1`,
    type: position % 2 === 0 ? 'Even' : 'Odd',
    version: 1,
    stream: `number-${position}`,
    aggregateId: String(position),
    revision: 1,
    position,
    recordedAt: new Date(position * 1_000).toISOString(),
    occurredAt: null,
    actor: 'web',
    correlationId: null,
    causationId: null,
    data: { colour: position % 3 === 0 ? 'Red' : 'Blue' },
  }
}

/** A gateway with a log of so many events; it can be cut off, and come back with another log. */
async function fakeGateway(length: number) {
  const log = { length }
  const server = createServer((request, response) => {
    const after = Number(
      request.headers['last-event-id'] ??
        new URL(request.url ?? '', 'http://localhost').searchParams.get('after'),
    )
    const events = Array.from({ length: Math.max(0, log.length - after) }, (_, index) =>
      event(after + index + 1),
    )
    if (request.headers.accept !== 'text/event-stream') {
      const page = { events: events.slice(0, 1), scannedTo: after, head: log.length }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(page))
      return
    }
    if (after > log.length) {
      response.writeHead(409, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify({ status: 409, code: 'log.diverged' }))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const one of events) response.write(`id: ${one.position}\ndata: ${JSON.stringify(one)}\n\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const client = createClient({ url: `http://127.0.0.1:${port}`, backoff: { initial: 1, max: 5 } })
  return { client, log, cut: () => server.closeAllConnections() }
}

describe('the live log', () => {
  it('begins with the newest events of before and keeps no more than its capacity', async () => {
    const { client } = await fakeGateway(500)
    const live = createLiveLog(client, { capacity: 30, backlog: 200, interval: 1 })
    stops.push(live.start())
    await expect.poll(() => live.snapshot().events.at(-1)?.position).toBe(500)
    expect(live.snapshot()).toMatchObject({ head: 500, state: 'live' })
    expect(live.snapshot().events.map(({ position }) => position)).toEqual(
      Array.from({ length: 30 }, (_, index) => 471 + index),
    )
  })

  it('goes on after a lost connection without a gap', async () => {
    const { client, log, cut } = await fakeGateway(5)
    const live = createLiveLog(client, { interval: 1 })
    stops.push(live.start())
    await expect.poll(() => live.snapshot().head).toBe(5)
    log.length = 8
    cut()
    await expect
      .poll(() => live.snapshot().events.map(({ position }) => position))
      .toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('starts anew when the log behind the gateway is another, shorter one', async () => {
    const { client, log, cut } = await fakeGateway(50)
    const live = createLiveLog(client, { interval: 1, patience: 5 })
    stops.push(live.start())
    await expect.poll(() => live.snapshot().events).toHaveLength(50)
    log.length = 3
    cut()
    await expect.poll(() => live.snapshot().events.map(({ position }) => position)).toEqual([1, 2, 3])
    expect(live.snapshot().head).toBe(3)
  })
})

describe('the rate of events', () => {
  it('counts by the second in which each was recorded, the newest last', () => {
    const at = [1, 1, 3, 4, 4, 4].map((second, index) => ({ ...event(second), position: index + 1 }))
    expect(perSecond(at, 4_900, 5)).toEqual([0, 2, 0, 1, 3])
    expect(perSecond(at, 6_000, 3)).toEqual([3, 0, 0])
  })
})

describe('the filter of the live room', () => {
  const open = { text: '', types: [], stream: '' }

  it('looks at type, start of the stream and any text, whatever its case', () => {
    expect(passes(event(3), open)).toBe(true)
    expect(passes(event(3), { ...open, types: ['Even'] })).toBe(false)
    expect(passes(event(3), { ...open, types: ['Even', 'Odd'] })).toBe(true)
    expect(passes(event(3), { ...open, stream: 'number-3' })).toBe(true)
    expect(passes(event(3), { ...open, stream: 'umber' })).toBe(false)
    expect(passes(event(3), { ...open, text: 'rED' })).toBe(true)
    expect(passes(event(3), { ...open, text: 'green' })).toBe(false)
  })
})
