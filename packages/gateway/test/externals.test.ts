import { describe, expect, it } from 'vitest'
import { describedClient } from './support/described.ts'
import { get, serve } from './support/serve.ts'

describe('externals over HTTP', () => {
  it('are listed with what became of their calls', async () => {
    const served = await serve()
    await get(served, '/queries/LookUp?text=hat')
    await get(served, '/queries/LookUp?text=silent')
    const { externals, blocked } = (await get(served, '/externals')).json()
    expect(externals).toMatchObject([
      {
        name: 'lookup',
        description: 'Looks things up.',
        mode: 'live',
        timeLimit: 10_000,
        retries: 0,
        keepFor: null,
      },
    ])
    expect(externals).toMatchObject([{ counts: { answered: 1, failed: 1, attempts: 2, underway: 0 } }])
    expect(blocked).toEqual([])
  })

  it('have a journal, page by page from the last call back', async () => {
    const served = await serve()
    for (const text of ['a', 'b', 'c', 'silent']) await get(served, `/queries/LookUp?text=${text}`)
    const calls = async (query: string) =>
      (await get(served, `/externals/lookup/calls${query}`)).json()['calls'] as { sequence: number }[]
    expect(await calls('')).toMatchObject([
      {
        status: 'failed',
        error: { code: 'external.failed', message: 'lookup failed: secret of the outside' },
      },
      { status: 'answered', request: { text: 'c' }, answer: { found: 'c' }, error: null },
      { caller: { kind: 'query', name: 'LookUp', series: '' }, number: 1, attempts: 1 },
      { sequence: 1 },
    ])
    expect(await calls('?limit=2')).toMatchObject([{ sequence: 4 }, { sequence: 3 }])
    expect(await calls('?limit=2&before=3')).toMatchObject([{ sequence: 2 }, { sequence: 1 }])
    expect(await calls('?status=failed')).toMatchObject([{ sequence: 4 }])
    expect(await calls('?caller=nobody')).toEqual([])
  })

  it('leave what is long out of lists, and show it with its call', async () => {
    const served = await serve()
    await get(served, '/queries/LookUp?text=long')
    const [listed] = (await get(served, '/externals/lookup/calls')).json()['calls'] as object[]
    expect(listed).toMatchObject({ request: { text: 'long' }, answerSize: 8_012 })
    expect(listed).not.toHaveProperty('answer')
    const call = (await get(served, '/externals/lookup/calls/1')).json()
    expect(call).toMatchObject({ answer: { found: 'long'.repeat(2_000) } })
  })

  it('tell a client nothing of what the outside said', async () => {
    const { status, body } = await get(await serve(), '/queries/LookUp?text=silent')
    expect(status).toBe(502)
    expect(JSON.parse(body)).toMatchObject({ code: 'external.failed' })
    expect(body).not.toContain('secret')
  })

  it.each([
    ['/externals/weather/calls', 404, 'external.unknown'],
    ['/externals/weather/calls/1', 404, 'external.unknown'],
    ['/externals/lookup/calls/17', 404, 'external.call-unknown'],
    ['/externals/lookup/calls/x', 404, 'external.call-unknown'],
    ['/externals/lookup/calls?status=done', 400, 'request.malformed'],
    ['/externals/lookup/calls?limit=0', 400, 'request.malformed'],
    ['/externals?limit=1', 400, 'request.malformed'],
  ])('GET %s is %i', async (path, status, code) => {
    const answer = await get(await serve(), path)
    expect([answer.status, answer.json()['code']]).toEqual([status, code])
  })

  it('that were blocked are told to their own tenant, and to who may ask of all', async () => {
    const served = await serve({ tenantHeader: true }, {}, { externals: 'blocked' })
    const of = (tenant: string) => ({ 'headwater-tenant': tenant })
    expect((await get(served, '/queries/LookUp?text=hat', of('acme'))).status).toBe(409)
    const blocked = async (path: string, headers = {}) =>
      (await get(served, path, headers)).json()['blocked'] as readonly object[]
    expect(await blocked('/externals', of('acme'))).toMatchObject([
      { external: 'lookup', caller: { kind: 'query', name: 'LookUp' }, why: 'it is blocked here' },
    ])
    expect(await blocked('/externals', of('globex'))).toEqual([])
    expect(await blocked('/externals?allTenants=true')).toMatchObject([{ tenant: 'acme' }])
  })

  it('are counted for Prometheus', async () => {
    const served = await serve()
    await get(served, '/queries/LookUp?text=hat')
    const { body } = await get(served, '/metrics')
    expect(body).toContain('headwater_external_calls_total{external="lookup",outcome="answered"} 1')
    expect(body).toContain('headwater_external_calls_total{external="lookup",outcome="blocked"} 0')
    expect(body).toContain('headwater_external_attempts_total{external="lookup"} 1')
  })

  it('answer as the document describes', async () => {
    const client = await describedClient(await serve())
    await client.call('LookUp', { parameters: { text: 'hat' } })
    expect((await client.call('LookUp', { parameters: { text: 'silent' } })).status).toBe(502)
    const name = 'lookup'
    expect((await client.call('listExternals')).status).toBe(200)
    expect(
      (await client.call('listExternalCalls', { parameters: { name, status: 'answered' } })).status,
    ).toBe(200)
    for (const sequence of [1, 2])
      expect((await client.call('readExternalCall', { parameters: { name, sequence } })).status).toBe(200)
    expect((await client.call('readExternalCall', { parameters: { name, sequence: 9 } })).status).toBe(404)
  })
})
