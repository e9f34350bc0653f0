import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sendRaw, statusOf } from './support/raw.ts'
import { get, listen, post, request, serve } from './support/serve.ts'

const json = { 'content-type': 'application/json' }

describe('a body', () => {
  it('that is not JSON is a 400', async () => {
    const served = await serve()
    for (const body of [
      '{',
      '{"counterId":}',
      "{'counterId':'a'}",
      'nope',
      '{"counterId":"a"} extra',
      '\u0000',
      '[1,]',
    ]) {
      const answer = await post(served, 'Increment', body)
      expect([body, answer.status]).toEqual([body, 400])
      expect(answer.json()).toMatchObject({ code: 'request.malformed' })
    }
  })

  it('that is empty is a 400', async () => {
    const answer = await post(await serve(), 'Increment', '')
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({
      code: 'request.malformed',
      detail: 'The body is empty; it should be JSON',
    })
  })

  it('that is missing is a 415, so that no page of another origin can send a command without asking first', async () => {
    const served = await serve()
    for (const headers of [{}, { 'content-length': '0' }]) {
      expect((await request(served, 'POST', '/commands/Increment', { headers })).status).toBe(415)
    }
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-seq',
    'application/jsonx',
    'text/json',
    'application/json; charset=utf-16',
    'application/json; charset="latin1"',
    'nonsense',
  ])('of type %s is a 415', async (type) => {
    const answer = await post(await serve(), 'Increment', '{"counterId":"a"}', { 'content-type': type })
    expect(answer.status).toBe(415)
    expect(answer.json()).toMatchObject({ code: 'request.unsupported-media-type' })
  })

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset=UTF-8',
    'application/json;charset="utf-8"',
  ])('of type %s is read', async (type) => {
    expect(
      (await post(await serve(), 'Increment', '{"counterId":"a"}', { 'content-type': type })).status,
    ).toBe(200)
  })

  it('that is compressed is a 415', async () => {
    const answer = await post(await serve(), 'Increment', gzipSync('{"counterId":"a"}'), {
      'content-encoding': 'gzip',
    })
    expect(answer.status).toBe(415)
    expect(answer.headers['accept-encoding']).toBe('identity')
  })

  it('that is not UTF-8 is a 400 and not quietly mended', async () => {
    const body = Buffer.concat([Buffer.from('{"counterId":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    const answer = await post(await serve(), 'Increment', body)
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'request.malformed', detail: 'The body is not UTF-8' })
  })

  it('keeps what it says, in any script', async () => {
    const served = await serve()
    const note = { text: 'Grüße 🌊 \u2028 \\ " </script>', list: [null, true, -0.5, 1e21] }
    await post(served, 'Note', { counterId: 'ü/🌊', note })
    const answer = await get(served, `/streams/${encodeURIComponent('counter-ü/🌊')}`)
    expect(answer.json()).toMatchObject({
      events: [{ stream: 'counter-ü/🌊', aggregateId: 'ü/🌊', data: { note } }],
    })
  })

  it('larger than the limit is a 413', async () => {
    const served = await serve({ bodyLimit: 1_000 })
    const fitting = JSON.stringify({ counterId: 'a', note: 'x'.repeat(900) })
    expect((await post(served, 'Note', fitting)).status).toBe(200)
    const answer = await post(served, 'Note', { counterId: 'a', note: 'x'.repeat(1_000) })
    expect(answer.status).toBe(413)
    expect(answer.json()).toMatchObject({ code: 'request.too-large' })
  })

  it('is let in up to 1 MiB by default, and up to 16 MiB where that is allowed', async () => {
    const mebi = 1024 * 1024
    const note = (size: number) => ({ counterId: 'a', note: 'x'.repeat(size) })
    const small = await serve()
    expect((await post(small, 'Note', note(mebi - 100))).status).toBe(200)
    expect((await post(small, 'Note', note(mebi))).status).toBe(413)
    expect((await post(await serve({ bodyLimit: 16 * mebi }), 'Note', note(16 * mebi - 100))).status).toBe(
      200,
    )
  })

  it('deeper than the limit is a 400, however deep', async () => {
    const served = await serve({ bodyDepth: 8, bodyLimit: 4_000_000 })
    const nested = (depth: number) => `{"counterId":"a","note":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect((await post(served, 'Note', nested(7))).status).toBe(200)
    for (const depth of [8, 9, 1_000_000]) {
      const answer = await post(served, 'Note', nested(depth))
      expect([depth, answer.status]).toEqual([depth, 400])
      expect(answer.json()).toMatchObject({ code: 'request.too-deep' })
    }
  })

  it('is not deep for brackets in its strings', async () => {
    const served = await serve({ bodyDepth: 2 })
    const note = `${'[{"'.repeat(50)}\\"${'\\'.repeat(4)}`
    expect((await post(served, 'Note', { counterId: 'a', note })).status).toBe(200)
  })

  it.each([
    '{"counterId":"a","note":{"__proto__":{"polluted":true}}}',
    '{"__proto__":{"counterId":"a"}}',
    '{"counterId":"a","note":{"\\u005f_proto__":{"polluted":true}}}',
    '{"counterId":"a","note":[{"constructor":{"prototype":{"polluted":true}}}]}',
  ])('that reaches into prototypes is a 400: %s', async (body) => {
    const answer = await post(await serve(), 'Note', body)
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'request.malformed' })
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('a command id', () => {
  it.each(['', ' ', 'x'.repeat(201), 'ümlaut', 'tab\there'])('that is %j is refused', async (id) => {
    const answer = await post(await serve(), 'Increment', { counterId: 'a' }, { 'idempotency-key': id })
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({
      code: 'request.malformed',
      errors: [{ header: 'Idempotency-Key' }],
    })
  })

  it.each([
    'x'.repeat(200),
    'a b',
    '../../etc',
    "'; DROP TABLE events; --",
    '%0d%0aSet-Cookie: x',
    '<script>',
    'a.1',
  ])('may be any printable text: %s', async (id) => {
    const served = await serve()
    const answer = await post(served, 'Increment', { counterId: 'a' }, { 'idempotency-key': id })
    expect(answer.json()).toMatchObject({ commandId: id, events: [{ id: `${id}.1` }] })
    expect((await get(served, `/events/${encodeURIComponent(`${id}.1`)}`)).json()).toMatchObject({
      causationId: id,
    })
  })

  it('that is sent twice is refused: which one would be meant?', async () => {
    const { port } = await listen()
    const twice = (header: string): string =>
      `POST /commands/Increment HTTP/1.1\r\nHost: localhost\r\n${header}: a\r\n${header}: b\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"counterId":"a"}`
    for (const header of ['Idempotency-Key', 'correlation-id', 'If-Match']) {
      expect([header, statusOf(await sendRaw(port, twice(header)))]).toEqual([header, 400])
    }
  })

  it('may hold commas', async () => {
    const { port } = await listen()
    const answer = await sendRaw(
      port,
      'POST /commands/Increment HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a, b\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"counterId":"a"}',
    )
    expect(answer).toContain('"commandId":"a, b"')
  })

  it('can inject no header', async () => {
    const { port } = await listen()
    const answer = await sendRaw(
      port,
      `POST /commands/Increment HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a\rX-Evil: 1\r\n${'Content-Type: application/json'}\r\nContent-Length: 17\r\n\r\n{"counterId":"a"}`,
    )
    expect(statusOf(answer)).toBe(400)
    expect(answer).not.toMatch(/^x-evil/im)
  })
})

describe('an address', () => {
  it('that leads nowhere is a 404', async () => {
    const served = await serve()
    for (const path of ['/', '/nothing', '/commands/Increment/more', '/STREAMS', '/..%2f..%2fetc']) {
      const answer = await get(served, path)
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    }
  })

  it('that is badly encoded is a 400', async () => {
    const { port } = await listen()
    for (const path of ['/streams/%', '/streams/%E0%A4%A', '/views/totals/%ff%fe']) {
      const answer = await sendRaw(
        port,
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      )
      expect([path, statusOf(answer)]).toEqual([path, 400])
      expect(answer).toContain('"code":"request.malformed"')
    }
  })

  it('is not decoded twice', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: '%2e%2e%2f' })
    const answer = await get(served, `/streams/${encodeURIComponent('counter-%2e%2e%2f')}`)
    expect(answer.json()).toMatchObject({ events: [{ stream: 'counter-%2e%2e%2f' }] })
  })

  it('may hold names as long as they are allowed', async () => {
    const served = await serve()
    const name = `counter-${'🌊'.repeat(40)}`
    await post(served, 'Note', { counterId: name.slice(8), note: 1 })
    expect((await get(served, `/streams/${encodeURIComponent(name)}`)).status).toBe(200)
    expect((await get(served, `/streams/${'x'.repeat(600)}`)).status).toBe(400)
    expect((await get(served, `/streams/${'x'.repeat(5_000)}`)).status).toBeGreaterThanOrEqual(400)
  })

  it.each([
    ['DELETE', '/streams/counter-a', 'GET, HEAD'],
    ['POST', '/events', 'GET, HEAD'],
    ['GET', '/commands/Increment', 'POST'],
    ['PUT', '/commands/Increment', 'POST'],
    ['OPTIONS', '/commands/Increment', 'POST'],
    ['PATCH', '/views/totals/a', 'GET, HEAD'],
  ] as const)('with the wrong method is a 405: %s %s', async (method, path, allow) => {
    const answer = await request(await serve(), method, path, {
      headers: json,
      ...(method !== 'GET' && { payload: '{}' }),
    })
    expect(answer.status).toBe(405)
    expect(answer.headers['allow']).toBe(allow)
    expect(answer.json()).toMatchObject({ code: 'request.method-not-allowed' })
  })
})

describe('a query', () => {
  it.each(['at', 'known'])('that asks for the past with %s is refused, not ignored', async (name) => {
    const served = await serve()
    for (const path of ['/events', '/streams', '/trace/c-1', '/catalog']) {
      const answer = await get(served, `${path}?${name}=1`)
      expect(answer.status).toBe(400)
      expect(answer.json()).toMatchObject({ code: 'request.unsupported', errors: [{ parameter: name }] })
    }
  })

  it('may name the main branch, and others only where there are any', async () => {
    const served = await serve()
    expect((await post(served, 'Increment?branch=main', { counterId: 'a' })).status).toBe(200)
    for (const path of [
      '/events',
      '/streams/counter-a',
      '/views',
      '/views/totals',
      '/catalog',
      '/streams',
      '/commands',
      '/processors',
    ]) {
      expect([path, (await get(served, `${path}?branch=main`)).status]).toEqual([path, 200])
      const isOfMain = ['/views', '/catalog', '/processors'].includes(path)
      expect([path, (await get(served, `${path}?branch=other`)).json()]).toMatchObject([
        path,
        { code: isOfMain ? 'request.unsupported' : 'branch.unknown' },
      ])
    }
    expect((await post(served, 'Increment?branch=other', { counterId: 'a' })).json()).toMatchObject({
      code: 'branch.unknown',
    })
    expect((await served.headwater.head()).position).toBe(1)
  })

  it('with a parameter that is not known is refused, not ignored', async () => {
    const served = await serve()
    const answer = await get(served, '/events?limt=3&__proto__=1&after=x')
    expect(answer.status).toBe(400)
    expect(answer.json()['errors']).toMatchObject([
      { parameter: 'limt' },
      { parameter: '__proto__' },
      { parameter: 'after' },
    ])
    expect((await post(served, 'Increment?by=3', { counterId: 'a' })).status).toBe(400)
  })

  it.each([
    '-1',
    '1.5',
    'x',
    '',
    '1e3',
    '9007199254740993',
    '99999999999999999999',
    '0x1',
    ' 1',
    '%00',
  ])('with the position %j is refused', async (after) => {
    const answer = await get(await serve(), `/events?after=${after}`)
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'request.malformed', errors: [{ parameter: 'after' }] })
  })

  it.each(['0', '1001', '-1', 'all'])('with the limit %s is refused', async (limit) => {
    expect((await get(await serve(), `/events?limit=${limit}`)).status).toBe(400)
  })

  it.each([
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
  ])('that names what every object has is a 400 like any other: %s', async (name) => {
    const answer = await get(await serve(), `/events?${name}=1`)
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'request.malformed',
      errors: [{ parameter: name, detail: 'This route has no such parameter' }],
    })
  })

  it('that says a thing twice is refused', async () => {
    expect((await get(await serve(), '/events?after=1&after=2')).status).toBe(400)
  })
})

describe('what is hardly HTTP', () => {
  it('is answered with a problem and a closed connection', async () => {
    const { port } = await listen()
    for (const bytes of [
      '\r\n\r\nrubbish\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'FOO /events HTTP/1.1\r\nHost: x\r\n\r\n',
    ]) {
      const answer = await sendRaw(port, bytes)
      expect(statusOf(answer)).toBe(400)
      expect(answer).toContain('application/problem+json')
    }
  })

  it('with headers beyond all measure is a 431', async () => {
    const { port } = await listen()
    const answer = await sendRaw(
      port,
      `GET /events HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
    )
    expect(statusOf(answer)).toBe(431)
  })

  it('with two lengths or a smuggled second request is a 400', async () => {
    const { port } = await listen()
    const head = 'POST /commands/Increment HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    const both = `${head}Content-Length: 17\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /events HTTP/1.1\r\nHost: localhost\r\n\r\n`
    expect(statusOf(await sendRaw(port, both))).toBe(400)
    const twice = `${head}Content-Length: 17\r\nContent-Length: 5\r\n\r\n{"counterId":"a"}`
    expect(statusOf(await sendRaw(port, twice))).toBe(400)
  })

  it('is cut off when a chunked body grows beyond the limit', async () => {
    const { port } = await listen({ bodyLimit: 10_000 })
    const head =
      'POST /commands/Note HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const answer = await sendRaw(port, head + chunk.repeat(20))
    expect(statusOf(answer)).toBe(413)
    expect(answer.toLowerCase()).toContain('connection: close')
  })

  it('leaves the server well for everybody else', async () => {
    const served = await listen()
    await sendRaw(
      served.port,
      'POST /commands/Increment HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{',
      50,
    )
    expect((await post(served, 'Increment', { counterId: 'a' })).status).toBe(200)
  })
})
