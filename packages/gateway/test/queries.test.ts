import { describe, expect, it } from 'vitest'
import { describedClient } from './support/described.ts'
import { get, post, serve, type Served } from './support/serve.ts'

async function withCounter(
  options: Parameters<typeof serve>[0] = {},
): Promise<Served & { position: number }> {
  const served = await serve(options)
  const { body } = await post(served, 'Increment', { counterId: 'a', by: 21 })
  return { ...served, position: JSON.parse(body).position }
}

describe('GET /queries/{name}', () => {
  it('answers, with its input read from the address as its schema wants it', async () => {
    const served = await withCounter()
    const url = '/queries/GetTotal?counterId=a&times=2&round=true&tag=x&tag=1&waitFor=1'
    const answer = await get(served, url)
    expect(answer.json()).toEqual({ total: 42, tag: ['x', '1'], actor: null, tenant: '' })
    expect(answer.status).toBe(200)
  })

  it('takes the whole input as JSON', async () => {
    const served = await withCounter()
    const input = encodeURIComponent(JSON.stringify({ counterId: 'a', times: 3, at: { day: 1 } }))
    expect((await get(served, `/queries/GetTotal?input=${input}&waitFor=head`)).json()).toMatchObject({
      total: 63,
    })
    const object = encodeURIComponent(JSON.stringify({ day: 1 }))
    expect((await get(served, `/queries/GetTotal?counterId=a&at=${object}&waitFor=head`)).status).toBe(200)
  })

  it('shows at least the position that is waited for, and all that is recorded with head', async () => {
    const served = await withCounter()
    for (let count = 1; count <= 10; count += 1) {
      const { position } = (await post(served, 'Increment', { counterId: 'a', by: 1 })).json()
      const waited = await get(served, `/queries/GetTotal?counterId=a&waitFor=${String(position)}`)
      expect(waited.json()).toMatchObject({ total: 21 + count })
    }
    expect((await get(served, '/queries/GetTotal?counterId=a&waitFor=head')).json()).toMatchObject({
      total: 31,
    })
    const late = await get(served, '/queries/GetTotal?counterId=a&waitFor=99&timeout=20')
    expect(late.status).toBe(504)
  })

  it('tags its answer, and says when it is still the same', async () => {
    const served = await withCounter()
    const url = '/queries/GetTotal?counterId=a&waitFor=head'
    const first = await get(served, url)
    const etag = String(first.headers['etag'])
    expect(first.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'headwater-tenant' })
    expect((await get(served, url, { 'if-none-match': etag })).status).toBe(304)
    await post(served, 'Increment', { counterId: 'a', by: 1 })
    expect((await get(served, url, { 'if-none-match': etag })).status).toBe(200)
  })

  it('is asked as the actor that the gateway knows', async () => {
    const served = await withCounter({ actor: ({ headers }) => String(headers['x-user'] ?? 'nobody') })
    expect((await get(served, '/queries/GetTotal?counterId=a&waitFor=head')).json()).toMatchObject({
      actor: 'nobody',
    })
    expect((await get(served, '/queries/GetSecret', { 'x-user': 'root' })).body).toBe('42')
    const refused = await get(served, '/queries/GetSecret', { 'x-user': 'ada' })
    expect(refused.json()).toMatchObject({ status: 403, code: 'query.forbidden', detail: 'Only root knows' })
  })

  it.each([
    ['without an answer', 'GetTotal?counterId=z', 404, 'query.not-found'],
    ['of a name that there is not', 'GetNothing?a=1', 404, 'query.unknown'],
    ['that throws', 'Broken?how=throws', 500, 'query.failed'],
    ['that never answers', 'Broken?how=hangs', 504, 'query.timeout'],
    ['that gives what it should not', 'Broken?how=lies', 500, 'query.invalid-answer'],
    ['of broken JSON', 'GetTotal?input={', 400, 'request.malformed'],
    ['of JSON that reaches for a prototype', 'GetTotal?input={"__proto__":{}}', 400, 'request.malformed'],
    [
      'of JSON that is too deep',
      `GetTotal?input=${'['.repeat(80)}${']'.repeat(80)}`,
      400,
      'request.too-deep',
    ],
    ['in a time that is none', 'GetTotal?counterId=a&timeout=-1', 400, 'request.malformed'],
    ['of another branch', 'GetTotal?counterId=a&branch=b', 404, 'branch.unknown'],
  ])('%s is a problem', async (_, path, status, code) => {
    const answer = await get(await serve(), `/queries/${path}`)
    expect(answer.json()).toMatchObject({ status, code })
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.body).not.toContain('secret')
  })

  it('points to each fault of its input', async () => {
    const answer = await get(await serve(), '/queries/GetTotal?times=many&at=yesterday')
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({
      code: 'query.invalid',
      errors: [{ pointer: '/counterId' }, { pointer: '/times' }, { pointer: '/at' }],
    })
  })

  it('refuses what is no field of its input, and an input that is given twice over', async () => {
    const served = await serve()
    expect((await get(served, '/queries/GetTotal?counterid=a')).json()).toMatchObject({
      code: 'request.malformed',
      errors: [{ parameter: 'counterid' }],
    })
    expect((await get(served, '/queries/GetTotal?counterId=a&input={}')).json()).toMatchObject({
      code: 'request.malformed',
      errors: [{ parameter: 'counterId' }],
    })
  })

  it('is counted and timed, by names that it knows', async () => {
    const served = await withCounter()
    await get(served, '/queries/GetTotal?counterId=a&waitFor=head')
    await get(served, '/queries/GetTotal?counterId=a')
    await get(served, '/queries/GetTotal')
    await get(served, '/queries/GetTotal?counterId=nothing')
    await get(served, '/queries/made-up')
    const { body } = await get(served, '/metrics')
    expect(body).toContain('headwater_queries_total{query="GetTotal",outcome="answered"} 3')
    expect(body).toContain('headwater_queries_total{query="GetTotal",outcome="failed"} 1')
    expect(body).toContain('headwater_queries_total{query="unknown",outcome="failed"} 1')
    expect(body).toContain('headwater_query_duration_seconds_count{query="GetTotal"} 4')
  })
})

describe('what the server says of its queries', () => {
  it('lists them with their schemas', async () => {
    const { queries } = (await get(await serve(), '/queries')).json() as { queries: { name: string }[] }
    expect(queries.map(({ name }) => name)).toEqual(['GetTotal', 'GetSecret', 'Broken', 'LookUp'])
    expect(queries[0]).toMatchObject({
      context: 'counting',
      description: 'What a counter has come to.',
      input: { type: 'object', required: ['counterId'] },
      output: { type: 'object' },
    })
  })

  it('is enough for a client to ask by', async () => {
    const client = await describedClient(await withCounter())
    const answer = await client.call('GetTotal', {
      parameters: { counterId: 'a', tag: ['x', 'y'], waitFor: 1 },
    })
    expect(answer.json()).toEqual({ total: 21, tag: ['x', 'y'], actor: null, tenant: '' })
    expect((await client.call('GetSecret')).status).toBe(403)
    expect((await client.call('listQueries')).status).toBe(200)
    expect((await client.call('GetTotal', { parameters: { counterId: 'z' } })).status).toBe(404)
    expect((await client.call('Broken', { parameters: { how: 'hangs' } })).status).toBe(504)
    const names = client.document.paths['/queries/Broken']?.['get']?.parameters?.map(({ name }) => name)
    expect(names).toEqual([
      'how',
      'input',
      'at',
      'waitFor',
      'timeout',
      'If-None-Match',
      'Headwater-Tenant',
      'branch',
    ])
  })
})

describe('a search of a view', () => {
  it('finds documents by their words', async () => {
    const served = await withCounter()
    await post(served, 'Increment', { counterId: 'Ådalen-7', by: 1 })
    const found = await get(served, '/views/totals?search=7%20adal&waitFor=2')
    expect(found.json()['items']).toMatchObject([{ key: 'Ådalen-7' }])
    expect((await get(served, '/views/totals?search=nothing&waitFor=2')).json()['items']).toEqual([])
  })

  it('is refused where there is none', async () => {
    expect((await get(await serve(), '/views/inline-totals?search=a')).json()).toMatchObject({
      status: 400,
      code: 'view.invalid-query',
    })
  })
})
