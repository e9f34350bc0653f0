import { app, command, event, machine, memoryStore, openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { createActor, createMachine } from 'xstate'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { get, post, serve, type Served } from './support/serve.ts'

const Opened = event('Opened', z.object({}))
const Open = command('Open', z.object({ doorId: z.string() }))
const door = machine('door', {
  events: [Opened],
  commands: [Open],
  initial: 'shut',
  states: { shut: { commands: { Open: 'Opened' }, on: { Opened: 'open' } }, open: {} },
})

async function house(): Promise<Served> {
  const headwater = await openStore(app({ name: 'house', aggregates: [door] }), memoryStore())
  const gateway = createGateway(headwater, { onError: () => undefined })
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return { headwater, gateway }
}

const lit = (svg: string): string | undefined => /lit"[^>]*>(?:<text[^>]*>)([^<]*)</.exec(svg)?.[1]

describe('GET /catalog/machines/{name}', () => {
  it('draws a machine as an SVG document that loads and runs nothing', async () => {
    const answer = await get(await house(), '/catalog/machines/door')
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'image/svg+xml; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        'x-content-type-options': 'nosniff',
      },
    })
    expect(answer.body).toMatch(/^<svg xmlns=/)
    expect(lit(answer.body)).toBeUndefined()
  })

  it('highlights a state, or the one that something is in', async () => {
    const served = await house()
    await post(served, 'Open', { doorId: 'front' })
    expect(lit((await get(served, '/catalog/machines/door?state=shut')).body)).toBe('shut')
    expect(lit((await get(served, '/catalog/machines/door?id=front')).body)).toBe('open')
    expect(lit((await get(served, '/catalog/machines/door?id=back')).body)).toBe('shut')
  })

  it('highlights the state that something of the tenant is in', async () => {
    const served = await house()
    await post(served, 'Open', { doorId: 'front' }, { 'headwater-tenant': 'north' })
    const north = await get(served, '/catalog/machines/door?id=front', { 'headwater-tenant': 'north' })
    expect(lit(north.body)).toBe('open')
    expect(lit((await get(served, '/catalog/machines/door?id=front')).body)).toBe('shut')
  })

  it('gives it as Mermaid, and as a config that XState runs', async () => {
    const served = await house()
    const mermaid = await get(served, '/catalog/machines/door?format=mermaid&state=shut')
    expect(mermaid.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(mermaid.body).toContain('  shut --> open : Open / Opened\n')
    expect(mermaid.body).toContain('  class shut current\n')
    const config = (await get(served, '/catalog/machines/door?format=xstate')).json()
    const actor = createActor(createMachine(config)).start()
    actor.send({ type: 'Opened' })
    expect(actor.getSnapshot().value).toBe('open')
  })

  it('is asked again for nothing while it is the same', async () => {
    const served = await house()
    const { headers } = await get(served, '/catalog/machines/door?id=front')
    const again = { 'if-none-match': String(headers['etag']) }
    expect((await get(served, '/catalog/machines/door?id=front', again)).status).toBe(304)
    await post(served, 'Open', { doorId: 'front' })
    expect((await get(served, '/catalog/machines/door?id=front', again)).status).toBe(200)
  })

  it.each([
    ['/catalog/machines/window', 404, 'aggregate.unknown'],
    ['/catalog/machines/door?format=png', 400, 'request.malformed'],
    ['/catalog/machines/door?format=constructor', 400, 'request.malformed'],
    ['/catalog/machines/door?state=ajar', 400, 'request.malformed'],
    ['/catalog/machines/door?state=shut&id=front', 400, 'request.malformed'],
    ['/catalog/machines/door?stat=shut', 400, 'request.malformed'],
  ])('refuses %s with %i', async (url, status, code) => {
    const answer = await get(await house(), url)
    expect({ status: answer.status, code: answer.json()['code'] }).toEqual({ status, code })
  })

  it('draws no aggregate that is no machine', async () => {
    const answer = await get(await serve(), '/catalog/machines/counter')
    expect(answer).toMatchObject({ status: 404 })
  })
})

describe('GET /catalog/flow', () => {
  it('draws the app, or what concerns an aggregate', async () => {
    const served = await serve()
    const all = await get(served, '/catalog/flow')
    expect(all.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(all.body).toContain('  command_Increment --> aggregate_counter\n')
    expect((await get(served, '/catalog/flow?aggregate=counter')).body).toContain('aggregate_counter')
    expect((await get(served, '/catalog/flow?aggregate=nobody')).status).toBe(404)
  })
})

it('the catalog says how the states of a machine follow each other', async () => {
  const catalog = (await get(await house(), '/catalog')).json()
  expect(catalog).toMatchObject({
    contexts: [
      {
        aggregates: [
          { name: 'door', chart: { initial: 'shut', states: [{ path: 'shut' }, { path: 'open' }] } },
        ],
      },
    ],
  })
})
