import { describe, expect, it } from 'vitest'
import { Increment } from './support/app.ts'
import { get, post, serve, type Served } from './support/serve.ts'

async function send({ gateway }: Served, method: 'POST' | 'DELETE', url: string, body?: object) {
  const answer = await gateway.fastify.inject({ method, url, ...(body && { payload: body }) })
  return { status: answer.statusCode, json: () => answer.json() }
}

async function stateOf(served: Served): Promise<unknown> {
  return (await get(served, '/views/totals/rebuild')).json().state
}

async function filled(): Promise<Served> {
  const served = await serve()
  for (const counterId of ['a', 'b']) await post(served, 'Increment', { counterId, by: 2 })
  return served
}

describe('/views/{name}/rebuild', () => {
  it('is begun by POST, told by GET, and switches when it has caught up', async () => {
    const served = await filled()
    const begun = await send(served, 'POST', '/views/totals/rebuild', {})
    expect(begun.status).toBe(202)
    expect(begun.json()).toMatchObject({ view: 'totals', version: 2, parked: 0, isHere: true })
    await expect.poll(() => stateOf(served)).toBe('switched')
    expect((await get(served, '/views/totals/rebuild')).json()).toMatchObject({ fraction: 1, position: 2 })
    expect((await get(served, '/views')).json()).toMatchObject({
      views: [{ name: 'totals', version: 2, code: 'same', rebuild: null }, {}],
    })
  })

  it('is shown with the views as long as it goes on, and given up by DELETE', async () => {
    const served = await filled()
    await send(served, 'POST', '/views/totals/rebuild', { switch: 'asked' })
    await expect.poll(() => stateOf(served)).toBe('ready')
    expect((await get(served, '/views')).json()).toMatchObject({
      views: [{ version: 1, rebuild: { version: 2, state: 'ready' } }, {}],
    })
    const answer = await send(served, 'DELETE', '/views/totals/rebuild')
    expect([answer.status, answer.json().state]).toEqual([200, 'failed'])
    expect((await get(served, '/metrics')).body).toContain('headwater_view_rebuilding{view="totals"} 0')
  })

  it('is not found before there was one', async () => {
    const answer = await get(await serve(), '/views/totals/rebuild')
    expect([answer.status, answer.json().code]).toEqual([404, 'view.no-rebuild'])
  })

  it.each<[string, object, string]>([
    ['a list', [], ''],
    ['a word that there is not', { tenants: true }, '/tenants'],
    ['a value that it has not', { switch: 'soon' }, '/switch'],
    ['a time that is none', { grace: -1 }, '/grace'],
  ])('is not begun by %s', async (_what, body, pointer) => {
    const answer = await send(await serve(), 'POST', '/views/totals/rebuild', body)
    expect([answer.status, answer.json().code]).toEqual([400, 'request.malformed'])
    expect(answer.json().errors).toEqual([expect.objectContaining({ pointer })])
  })
})

describe('/views/{name}/versions', () => {
  it('lists them, switches between them, and drops them', async () => {
    const served = await filled()
    await send(served, 'POST', '/views/totals/rebuild', {})
    await expect.poll(() => stateOf(served)).toBe('switched')
    const states = async () => (await get(served, '/views/totals/versions')).json()
    const are = (first: string, second: string) => ({
      versions: [
        { version: 1, state: first },
        { version: 2, state: second },
      ],
    })
    expect(await states()).toMatchObject(are('retired', 'current'))
    expect((await send(served, 'POST', '/views/totals/versions/1/switch', {})).status).toBe(202)
    await expect.poll(states).toMatchObject(are('current', 'retired'))
    const refused = await send(served, 'DELETE', '/views/totals/versions/1')
    expect([refused.status, refused.json().code]).toEqual([409, 'view.version-current'])
    expect((await send(served, 'DELETE', '/views/totals/versions/2')).status).toBe(200)
    expect((await send(served, 'DELETE', '/views/totals/versions/9')).status).toBe(404)
    expect((await send(served, 'DELETE', '/views/totals/versions/first')).status).toBe(400)
  })

  it('of a view that is not there are not found', async () => {
    expect((await get(await serve(), '/views/nothing/versions')).status).toBe(404)
  })

  it('are accepted as they are', async () => {
    const answer = await send(await serve(), 'POST', '/views/totals/accept', {})
    expect([answer.status, answer.json().versions[0].isOwnCode]).toEqual([200, true])
  })
})

describe('who belongs to a tenant', () => {
  const asTenant = (tenant: string | readonly string[]) =>
    serve({ identify: () => ({ actor: 'ada', tenant }) })

  it('looks after no versions, which are those of all tenants', async () => {
    const served = await asTenant('acme')
    for (const [method, url] of [
      ['POST', '/views/totals/rebuild'],
      ['DELETE', '/views/totals/rebuild'],
      ['POST', '/views/totals/accept'],
      ['POST', '/views/totals/versions/1/switch'],
      ['DELETE', '/views/totals/versions/1'],
    ] as const) {
      const answer = await send(served, method, url)
      expect([url, answer.status, answer.json().code]).toEqual([url, 403, 'tenant.forbidden'])
    }
  })

  it('may rebuild for all of them if he reaches them all, and has to say so', async () => {
    const served = await asTenant('*')
    await served.headwater.execute(Increment({ counterId: 'a', by: 1 }), { tenant: 'acme' })
    const refused = await send(served, 'POST', '/views/totals/rebuild')
    expect([refused.status, refused.json().code]).toEqual([409, 'view.other-tenants'])
    expect((await send(served, 'POST', '/views/totals/rebuild', { allTenants: true })).status).toBe(202)
  })
})
