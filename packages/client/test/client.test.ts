import { afterEach, describe, expect, it } from 'vitest'
import { createClient, HeadwaterProblem } from '../src/index.ts'
import { bodyOf, problem, serve } from './server.ts'

const backoff = { initial: 1, max: 4 }
const stops: (() => Promise<void>)[] = []
const accepted = {
  commandId: 'c',
  stream: 'order-1',
  revision: 1,
  position: 9,
  events: [{ id: 'c.1', type: 'OrderPlaced', revision: 1, position: 9 }],
}

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function gateway(...answer: Parameters<typeof serve>) {
  return createClient({ url: `${await serving(...answer)}/`, backoff })
}

async function serving(...answer: Parameters<typeof serve>): Promise<string> {
  const server = await serve(...answer)
  stops.push(server.stop)
  return server.url
}

describe('executing a command', () => {
  it('posts the data under the command name with a key of its own', async () => {
    const seen: unknown[] = []
    const client = await gateway(async (request, response) => {
      seen.push([request.method, request.url, JSON.parse(await bodyOf(request))])
      seen.push(request.headers['idempotency-key'])
      response.setHeader('content-type', 'application/json').end(JSON.stringify(accepted))
    })
    expect(await client.execute('PlaceOrder', { orderId: '1' })).toEqual(accepted)
    await client.execute('PlaceOrder', { orderId: '1' })
    expect(seen[0]).toEqual(['POST', '/commands/PlaceOrder', { orderId: '1' }])
    expect(seen[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
    expect(seen[3]).not.toBe(seen[1])
  })

  it('asks again under the same key when the answer was lost or the server was busy', async () => {
    const keys: unknown[] = []
    const client = await gateway((request, response) => {
      keys.push(request.headers['idempotency-key'])
      if (keys.length === 1) return request.socket.destroy()
      if (keys.length === 2) return problem(response, 503, 'log.busy')
      response.setHeader('content-type', 'application/json').end(JSON.stringify(accepted))
    })
    await client.execute('PlaceOrder', {}, { id: 'invoice-7' })
    expect(keys).toEqual(['invoice-7', 'invoice-7', 'invoice-7'])
  })

  it('sends the expected revision as a quoted entity tag', async () => {
    let tag: unknown
    const client = await gateway((request, response) => {
      tag = request.headers['if-match']
      problem(response, 412, 'log.conflict')
    })
    await expect(client.execute('PayOrder', {}, { expectedRevision: 3 })).rejects.toMatchObject({
      status: 412,
    })
    expect(tag).toBe('"3"')
  })

  it('throws what the domain or the schema refused, at once, with each fault', async () => {
    let requests = 0
    const errors = [{ pointer: '/lines/0/quantity', detail: 'Expected a number.' }]
    const client = await gateway((_, response) => {
      requests++
      problem(response, 400, 'command.invalid', { detail: 'PlaceOrder is not valid.', errors })
    })
    const failure = await client.execute('PlaceOrder', {}).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(HeadwaterProblem)
    expect(failure).toMatchObject({
      code: 'command.invalid',
      status: 400,
      errors,
      message: 'PlaceOrder is not valid.',
    })
    expect(requests).toBe(1)
  })

  it('gives the last error after as many repetitions as it may make', async () => {
    let requests = 0
    const client = await gateway((request) => {
      requests++
      request.socket.destroy()
    })
    await expect(client.execute('PlaceOrder', {})).rejects.toBeInstanceOf(TypeError)
    expect(requests).toBe(4)
  })
})

describe('reading', () => {
  it('encodes names in paths and filters in the query', async () => {
    const urls: string[] = []
    const client = await gateway((request, response) => {
      urls.push(decodeURIComponent(request.url ?? ''), request.url ?? '')
      response.setHeader('content-type', 'application/json').end('{"items":[],"cursor":null}')
    })
    await client.view('sales by country').get('a/b', { waitFor: 4 })
    await client.view('sales').list({
      filter: { country: 'UK', total: { gte: 5 }, open: true },
      sort: '-total,name',
      limit: 10,
      cursor: 'x',
    })
    expect(urls[1]).toBe('/views/sales%20by%20country/a%2Fb?waitFor=4')
    expect(urls[2]).toBe(
      '/views/sales?sort=-total,name&limit=10&cursor=x&filter[country]=UK&filter[total][gte]=5&filter[open]=true',
    )
  })

  it('asks for headers anew with each request', async () => {
    const seen: unknown[] = []
    const server = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.setHeader('content-type', 'application/json').end('{"views":[]}')
    })
    stops.push(server.stop)
    let token = 0
    const headers = async () => ({ authorization: `Bearer ${++token}` })
    const client = createClient({ url: server.url, headers })
    await client.views()
    await client.views()
    expect(seen).toEqual(['Bearer 1', 'Bearer 2'])
  })

  it('makes a problem of an answer that is not from Headwater', async () => {
    const client = await gateway((_, response) => {
      response.writeHead(418, { 'content-type': 'text/plain' }).end('short and stout')
    })
    await expect(client.catalog()).rejects.toMatchObject({ code: 'http.418', message: 'short and stout' })
  })
})

describe('asking a query', () => {
  it('sends its input as JSON and gives its answer', async () => {
    const seen: unknown[] = []
    const client = await gateway((request, response) => {
      seen.push(request.url)
      response.setHeader('content-type', 'application/json').end('{"total":42}')
    })
    expect(await client.query('GetTotal', { id: 'a b', n: 1 }, { waitFor: 'head', timeout: 50 })).toEqual({
      total: 42,
    })
    await client.query('GetAll')
    const input = new URLSearchParams({ input: '{"id":"a b","n":1}' }).toString()
    expect(seen).toEqual([`/queries/GetTotal?waitFor=head&timeout=50&${input}`, '/queries/GetAll'])
  })

  it('throws where there is no answer', async () => {
    const client = await gateway((_request, response) => problem(response, 404, 'query.not-found'))
    await expect(client.query('GetTotal')).rejects.toMatchObject({ code: 'query.not-found' })
  })
})

describe('a client of a tenant', () => {
  it('says so with every request, and asks for all tenants only where it is told to', async () => {
    const seen: unknown[] = []
    const url = await serving((request, response) => {
      seen.push([request.headers['headwater-tenant'], request.url])
      response.setHeader('content-type', 'application/json').end('{"queries":[]}')
    })
    const client = createClient({ url, tenant: 'acme' })
    await client.execute('PlaceOrder', {})
    await client.view('orders').list({ search: 'ada l' })
    await client.queries()
    await createClient({ url }).log({ allTenants: true })
    await createClient({ url, tenant: '' }).commands({ allTenants: true })
    expect(seen).toEqual([
      ['acme', '/commands/PlaceOrder'],
      ['acme', '/views/orders?search=ada+l'],
      ['acme', '/queries'],
      [undefined, '/events?allTenants=true'],
      [undefined, '/commands?allTenants=true'],
    ])
  })
})
