import { connect, type Socket } from 'node:net'
import { Incremented } from './support/app.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { follow } from './support/follow.ts'
import { get, listen, post, serve, type Served } from './support/serve.ts'

describe('GET /events as an event stream', () => {
  it('gives the log from the start and goes on with what comes', async () => {
    const served = await listen()
    await post(served, 'Increment', { counterId: 'a' }, { 'idempotency-key': 'c-1' })
    const client = await follow(served.url)
    await client.until(1)
    await post(served, 'Note', { counterId: 'a', note: 'line\nbreak' })
    await client.until(2)
    const [first, second] = client.messages
    expect(first).toMatchObject({ id: '1', event: 'Incremented' })
    expect(second).toMatchObject({ id: '2', event: 'Noted' })
    expect(JSON.parse(second?.data ?? '')).toEqual(await eventOf(served, 'counter-a', 2))
  })

  it('says what it is, is kept by nobody, and asks proxies not to gather', async () => {
    const { url } = await listen()
    const { response } = await follow(url)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      vary: 'accept, headwater-tenant',
    })
  })

  it('begins by saying how long to wait before connecting again', async () => {
    const client = await follow((await listen()).url)
    await expect(client.untilText(/^retry: \d+\n\n/)).resolves.toBeUndefined()
  })

  it('begins after a position', async () => {
    const served = await listen()
    for (let count = 0; count < 5; count++) await post(served, 'Increment', { counterId: 'a' })
    const client = await follow(served.url, '?after=3')
    await client.until(2)
    expect(client.ids).toEqual([4, 5])
  })

  it('goes on after Last-Event-ID, which beats `after`', async () => {
    const served = await listen()
    for (let count = 0; count < 5; count++) await post(served, 'Increment', { counterId: 'a' })
    const client = await follow(served.url, '?after=1', { 'last-event-id': '4' })
    await client.until(1)
    expect(client.ids).toEqual([5])
  })

  it('gives events of some types only', async () => {
    const served = await listen()
    const client = await follow(served.url, '?types=Noted,Overflowed')
    await post(served, 'Increment', { counterId: 'a' })
    await post(served, 'Note', { counterId: 'a', note: 1 })
    await post(served, 'Increment', { counterId: 'a' })
    await post(served, 'Note', { counterId: 'b', note: 2 })
    await client.until(2)
    expect(client.ids).toEqual([2, 4])
  })

  it('sends a comment in every heartbeat', async () => {
    const client = await follow((await listen({ heartbeat: 20 })).url)
    await expect(client.untilText(/\n\n:\n\n:\n\n/)).resolves.toBeUndefined()
  })

  it.each(['x', '-1', '1.5', '1e3', '99999999999999999999'])('refuses %s as Last-Event-ID', async (id) => {
    const answer = await get(await serve(), '/events', { accept: 'text/event-stream', 'last-event-id': id })
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ header: 'Last-Event-ID' }] })
  })

  it('refuses to go on after what this log does not hold: it is another history', async () => {
    const answer = await get(await serve(), '/events', { accept: 'text/event-stream', 'last-event-id': '7' })
    expect(answer.json()).toMatchObject({ status: 409, code: 'log.diverged' })
  })

  it('refuses a limit, which a stream without end has no use for', async () => {
    const answer = await get(await serve(), '/events?limit=5', { accept: 'text/event-stream' })
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ parameter: 'limit' }] })
  })

  it('takes no more clients than allowed: 503', async () => {
    const served = await listen({ eventStreamLimit: 1 })
    const first = await follow(served.url)
    const headers = { accept: 'text/event-stream' }
    const refused = await fetch(`${served.url}/events`, { headers })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    await first.stop()
    await expect.poll(async () => (await followed(`${served.url}/events`)).status).toBe(200)
  })

  it('forgets a client that is gone', async () => {
    const served = await listen()
    const clients = await Promise.all(Array.from({ length: 10 }, () => follow(served.url)))
    await expect.poll(() => openStreams(served.url)).toBe(10)
    await Promise.all(clients.map((client) => client.stop()))
    await expect.poll(() => openStreams(served.url)).toBe(0)
  })

  it('ends well when the gateway stops, after what was recorded', async () => {
    const served = await listen()
    const client = await follow(served.url)
    await client.untilText(/retry/)
    await post(served, 'Increment', { counterId: 'a' })
    await client.until(1)
    await served.gateway.close()
    await client.ended
    expect(client.ids).toEqual([1])
  })
})

describe('many clients', () => {
  it('who are cut off again and again while writers race lose nothing and get nothing twice', async () => {
    const served = await listen()
    const total = 600
    const write = async (counterId: string): Promise<void> => {
      for (let count = 0; count < total / 3; count++) {
        await served.headwater.append(`counter-${counterId}`, [Incremented({ by: 1 })])
        if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    const chase = async (patience: number): Promise<number[]> => {
      const seen: number[] = []
      while (seen.length < total) {
        const last = seen.at(-1)
        const client = await follow(
          served.url,
          '',
          last === undefined ? {} : { 'last-event-id': String(last) },
        )
        // Cut off in the middle of whatever is on its way.
        await Promise.race([client.until(patience), client.until(total - seen.length)])
        await client.stop()
        seen.push(...client.ids)
      }
      return seen
    }
    const [, , , ...chased] = await Promise.all([
      write('a'),
      write('b'),
      write('c'),
      chase(7),
      chase(50),
      chase(199),
    ])
    const everything = Array.from({ length: total }, (_, index) => index + 1)
    for (const seen of chased) expect(seen).toEqual(everything)
  })

  it('at the head of the log ask the store no more than one does', async () => {
    let reads = 0
    const served = await listen()
    const original = served.headwater.store
    if (!('log' in original)) throw new Error('The store has no log')
    const { log } = original as { log: { read: (query: object) => Promise<unknown> } }
    const read = log.read.bind(log)
    log.read = (query) => {
      reads += 1
      return read(query)
    }
    const clients = await Promise.all(Array.from({ length: 50 }, () => follow(served.url)))
    await Promise.all(clients.map((client) => client.untilText(/retry/)))
    reads = 0
    for (let count = 0; count < 20; count++)
      await served.headwater.append('counter-a', [Incremented({ by: 1 })])
    await Promise.all(clients.map((client) => client.until(20)))
    expect(reads).toBe(0)
  })
})

describe('a client that takes nothing', () => {
  const padding = 'x'.repeat(100_000)

  async function silent(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.pause()
    socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n')
    return socket
  }

  it('is read for no further than it takes, while others go on', async () => {
    const served = await listen()
    for (let count = 0; count < 300; count++) {
      await served.headwater.executeRaw('Note', { counterId: 'a', note: padding })
    }
    await silent(served.port)
    await expect.poll(() => openStreams(served.url)).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const taken = await metric(served.url, 'headwater_event_stream_events_total')
    // What the kernel’s buffers hold, and not the 30 MB of the log.
    expect(taken).toBeLessThan(150)
    const other = await follow(served.url)
    await other.until(300)
    expect(other.ids.at(-1)).toBe(300)
  })

  it('gets everything when it begins to read, in order', async () => {
    const served = await listen()
    for (let count = 0; count < 200; count++) {
      await served.headwater.executeRaw('Note', { counterId: 'a', note: padding })
    }
    const socket = await silent(served.port)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const chunks: Buffer[] = []
    let length = 0
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
    })
    socket.resume()
    await expect.poll(() => length).toBeGreaterThan(200 * padding.length)
    await served.gateway.close()
    const ids = Buffer.concat(chunks)
      .toString('latin1')
      .match(/^id: \d+$/gm)
    expect(ids).toEqual(Array.from({ length: 200 }, (_, index) => `id: ${index + 1}`))
  })

  it('is dropped after a while', async () => {
    const served = await listen({ heartbeat: 30, slowClientLimit: 100 })
    for (let count = 0; count < 200; count++) {
      await served.headwater.executeRaw('Note', { counterId: 'a', note: padding })
    }
    await silent(served.port)
    await expect.poll(() => metric(served.url, 'headwater_event_stream_clients_dropped_total')).toBe(1)
    expect(await openStreams(served.url)).toBe(0)
  })

  it('does not hold up the stop of the gateway', async () => {
    const served = await listen({ stopLimit: 60_000 })
    for (let count = 0; count < 200; count++) {
      await served.headwater.executeRaw('Note', { counterId: 'a', note: padding })
    }
    await silent(served.port)
    await expect.poll(() => openStreams(served.url)).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const began = performance.now()
    await served.gateway.close()
    expect(performance.now() - began).toBeLessThan(30_000)
  })
})

async function eventOf(served: Served, stream: string, revision: number): Promise<unknown> {
  const page = await served.headwater.readStream(stream, { after: revision - 1 })
  return page.events[0]?.toJSON()
}

async function followed(url: string): Promise<Response> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream' } })
  await response.body?.cancel()
  return response
}

function openStreams(url: string): Promise<number> {
  return metric(url, 'headwater_event_streams')
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}
