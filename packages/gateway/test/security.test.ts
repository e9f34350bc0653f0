import { describe, expect, it } from 'vitest'
import { sendRaw, statusOf } from './support/raw.ts'
import { get, listen, request, serve } from './support/serve.ts'

describe('every answer', () => {
  it.each([
    '/livez',
    '/events',
    '/nothing',
    '/streams/x',
    '/metrics',
  ])('says that it is not to be sniffed or embedded: %s', async (path) => {
    const { headers } = await get(await serve(), path)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    })
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('pages of other origins', () => {
  const preflight = {
    origin: 'https://shop.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,idempotency-key',
  }

  it('are not let in unless their origin is named', async () => {
    const answer = await request(await serve(), 'OPTIONS', '/commands/Increment', { headers: preflight })
    expect(answer.status).toBe(405)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('are let in where it is', async () => {
    const served = await serve({ corsOrigins: ['https://shop.example'] })
    const answer = await request(served, 'OPTIONS', '/commands/Increment', { headers: preflight })
    expect(answer.status).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toBe('https://shop.example')
    const read = await get(served, '/events', { origin: 'https://shop.example' })
    expect(read.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-expose-headers': 'etag, retry-after',
    })
    const other = await get(served, '/events', { origin: 'https://evil.example' })
    expect(other.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('may follow the log where they are let in', async () => {
    const { url } = await listen({ corsOrigins: '*' })
    const controller = new AbortController()
    const headers = { accept: 'text/event-stream', origin: 'https://shop.example' }
    const response = await fetch(`${url}/events`, { headers, signal: controller.signal })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    controller.abort()
  })
})

describe('a gateway on loopback', () => {
  const askFor = async (port: number, host: string): Promise<number> =>
    statusOf(await sendRaw(port, `GET /livez HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))

  it('answers to loopback names only, so that a name of elsewhere that resolves to it gets nothing', async () => {
    const { port } = await listen()
    for (const host of [
      'localhost',
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      '[::1]:80',
      'studio.localhost',
      '127.9.9.9',
    ]) {
      expect([host, await askFor(port, host)]).toEqual([host, 200])
    }
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      '[::2]',
      'x localhost',
    ]) {
      expect([host, await askFor(port, host)]).toEqual([host, expect.toBeOneOf([421, 400])])
    }
  })

  it('answers to the names that it was given', async () => {
    const { port } = await listen({ allowedHosts: ['Shop.Example'] })
    expect(await askFor(port, 'shop.example:8443')).toBe(200)
    expect(await askFor(port, 'evil.example')).toBe(421)
  })
})

describe('a gateway in production that asks nobody who they are', () => {
  it.each(['0.0.0.0', '::', '192.168.7.7', 'example.com'])('does not listen on %s', async (host) => {
    const { gateway } = await serve({ production: true })
    await expect(gateway.listen({ host })).rejects.toMatchObject({
      code: 'gateway.unprotected',
      message: expect.stringContaining('allowAnonymous'),
    })
  })

  it.each(['127.0.0.1', 'localhost', '::1'])('listens on %s', async (host) => {
    const { gateway } = await serve({ production: true })
    expect((await gateway.listen({ host })).port).toBeGreaterThan(0)
  })

  it('listens anywhere if that is said to be fine, if somebody is asked, or in development', async () => {
    for (const options of [
      { production: true, allowAnonymous: true },
      { production: true, actor: () => null },
      { production: false },
    ]) {
      const { gateway } = await serve(options)
      const { url } = await gateway.listen({ host: '0.0.0.0' })
      expect(url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/)
    }
  })
})
