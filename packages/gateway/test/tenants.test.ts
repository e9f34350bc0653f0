import type { IncomingMessage } from 'node:http'
import type { GatewayOptions, Identity } from '@headwater/gateway'
import { describe, expect, it } from 'vitest'
import { describedClient, type Document } from './support/described.ts'
import { follow } from './support/follow.ts'
import { get, listen, post, serve, type Served } from './support/serve.ts'

/** Whoever says so in a header of the test's own, as if a token had been verified. */
const identities: Readonly<Record<string, Identity>> = {
  acme: { actor: 'ann', tenant: 'acme' },
  globex: { actor: 'gil', tenant: 'globex' },
  nobody: { actor: 'nob', tenant: 'nobody' },
  both: { actor: 'bea', tenant: ['acme', 'globex'] },
  one: { actor: 'one', tenant: ['acme'] },
  operator: { actor: 'root', tenant: '*' },
  stranger: { actor: 'sue' },
}
const identify = ({ headers }: IncomingMessage): Identity =>
  identities[String(headers['x-who'])] ?? { actor: null }
const secured: GatewayOptions = { production: true, identify }

const askMarker = '/queries/LookUp?text=Marker'

/** Acme has a counter `Marker` that stands at 7, by a command of the id c-acme. */
async function filled(options: GatewayOptions = secured): Promise<Served> {
  const served = await serve(options)
  const headers = { 'idempotency-key': 'c-acme', 'headwater-tenant': 'acme', 'x-who': 'acme' }
  expect((await post(served, 'Increment', { counterId: 'Marker', by: 7 }, headers)).status).toBe(200)
  expect((await get(served, askMarker, headers)).status).toBe(200)
  const theirs = { 'headwater-tenant': 'globex', 'x-who': 'globex' }
  expect((await post(served, 'Increment', { counterId: 'Other', by: 2 }, theirs)).status).toBe(200)
  return served
}

/** Long after now, so that there is a past to continue, in which nothing changed. */
const to = new Date(Date.now() + 12 * 3_600_000).toISOString()
const forecast = `forecast?field=total&every=hour&horizon=1&to=${to}`

/** Of each route that is described: what fills its parameters with something of acme's. */
const filling: Readonly<Record<string, string>> = {
  '/events': '/events?types=Incremented',
  '/events/{id}': '/events/c-acme.1',
  '/trace/{id}': '/trace/c-acme',
  '/streams': '/streams?prefix=counter-',
  '/streams/{stream}': '/streams/counter-Marker',
  '/streams/{stream}/history': '/streams/counter-Marker/history?at=1',
  '/streams/{stream}/state': '/streams/counter-Marker/state',
  '/commands': '/commands',
  '/views/totals': '/views/totals?search=mark&waitFor=2',
  '/views/totals/{key}': '/views/totals/Marker?at=2',
  '/views/totals/forecast': `/views/totals/${forecast}`,
  '/views/inline-totals/forecast': `/views/inline-totals/${forecast}&key=Marker`,
  '/views/inline-totals': '/views/inline-totals?sort=-total&at=2',
  '/views/inline-totals/{key}': '/views/inline-totals/Marker',
  '/externals/{name}/calls': '/externals/lookup/calls?status=answered',
  '/externals/{name}/calls/{sequence}': '/externals/lookup/calls/1',
  '/queries/GetTotal': '/queries/GetTotal?counterId=Marker&waitFor=head',
}

/** Branches are named by their tenants, which has a test of its own. */
const branching = /^\/branches/

/** Queries that read nothing of anybody's, and what this app has none of: a machine is drawn in the state of the sender's own. */
const harmless = ['/queries/GetSecret', '/queries/LookUp', '/queries/Broken', '/catalog/machines/{name}']

/** A view is rebuilt for all tenants; whose errors are shown, and who may begin it, is tried where views are rebuilt. */
const rebuilds = /^\/views\/[^/]+\/rebuild$/

/** What is parked, which calls were blocked, what became of events, who did what with a processor, and debugging sessions: tried where there is some. */
const operated =
  /^\/externals$|^\/debug\/\{id\}$|^\/processors\/\{name\}\/(acts|results|parked.*|reprocessing.*)$|^\/events\/\{id\}\/results$/

/** Routes about the app and the server, which are the same for all. */
const aboutAll =
  /^\/(queries|views|views\/[^/]+\/versions|processors|processors\/\{name\}|snapshots|images|rules|catalog|catalog\/flow|openapi\.json|livez|readyz|metrics|reference\/errors)$/

function isOfTenants(document: Document, path: string): boolean {
  return Object.values(document.paths[path] ?? {}).some(({ parameters = [] }) =>
    parameters.some(({ name }) => name === 'Headwater-Tenant'),
  )
}

it('every route is about a tenant, or about all of them', async () => {
  const { document } = await describedClient(await serve())
  const paths = Object.keys(document.paths)
  const ofTenants = paths.filter((path) => isOfTenants(document, path))
  const reads = ofTenants.filter(
    (path) =>
      document.paths[path]?.['get'] !== undefined &&
      !harmless.includes(path) &&
      !rebuilds.test(path) &&
      !operated.test(path) &&
      !branching.test(path),
  )
  // A new one has to say above what it is tried with.
  expect(reads.sort()).toEqual(Object.keys(filling).sort())
  expect(paths.filter((path) => !isOfTenants(document, path) && !aboutAll.test(path))).toEqual([])
})

describe('an identity of one tenant', () => {
  it('reads its own by every route, and nothing of others', async () => {
    const served = await filled()
    for (const [path, url] of Object.entries(filling)) {
      const own = await get(served, url, { 'x-who': 'acme' })
      expect([path, own.status, /Marker|c-acme|:7/.test(own.body)]).toEqual([path, 200, true])
      for (const who of ['globex', 'nobody', 'stranger', 'unknown']) {
        const { status, body } = await get(served, url, { 'x-who': who })
        // A problem may repeat the name that was asked for.
        const shown = status === 200 ? body : JSON.stringify({ ...JSON.parse(body), detail: '' })
        expect([path, who, /Marker|c-acme|"ann"/.test(shown)]).toEqual([path, who, false])
      }
    }
  })

  it('is told the same of what is another tenant’s and of what is not there', async () => {
    const served = await filled()
    for (const url of Object.values(filling)) {
      const [theirs, nothing] = await Promise.all([
        get(served, url, { 'x-who': 'nobody' }),
        get(served, url.replaceAll('Marker', 'Nowhere').replaceAll('c-acme', 'c-none'), {
          'x-who': 'nobody',
        }),
      ])
      expect([url, theirs.status, theirs.json()['code']]).toEqual([
        url,
        nothing.status,
        nothing.json()['code'],
      ])
    }
  })

  it('can not leave its tenant by a header, on any route', async () => {
    const served = await filled()
    const headers = { 'x-who': 'globex', 'headwater-tenant': 'acme' }
    for (const url of Object.values(filling))
      expect([url, (await get(served, url, headers)).json()]).toMatchObject([
        url,
        { status: 403, code: 'tenant.forbidden' },
      ])
    const sent = await post(served, 'Increment', { counterId: 'Marker', by: 1 }, headers)
    expect(sent.json()).toMatchObject({ status: 403, code: 'tenant.forbidden' })
    const missing = await get(served, '/events', { 'x-who': 'globex', 'headwater-tenant': 'no-such-tenant' })
    expect(missing.json()).toMatchObject({ status: 403, code: 'tenant.forbidden' })
    expect((await get(served, '/events', { 'x-who': 'acme', 'headwater-tenant': 'acme' })).status).toBe(200)
  })

  it('records its own, whatever names and ids others have used', async () => {
    const served = await filled()
    const headers = { 'x-who': 'globex', 'idempotency-key': 'c-acme', 'if-match': '"0"' }
    const sent = await post(served, 'Increment', { counterId: 'Marker', by: 90 }, headers)
    expect(sent.json()).toMatchObject({ revision: 1, stream: 'counter-Marker' })
    const theirs = await get(served, '/streams/counter-Marker', { 'x-who': 'acme' })
    expect(theirs.json()['events']).toMatchObject([{ data: { by: 7 }, actor: 'ann' }])
  })

  it('can not read all tenants', async () => {
    const served = await filled()
    for (const who of ['acme', 'both', 'stranger', 'unknown']) {
      for (const path of ['/events', '/commands']) {
        const refused = await get(served, `${path}?allTenants=true`, { 'x-who': who, 'headwater-tenant': '' })
        expect([who, path, refused.status]).toEqual([who, path, 403])
      }
    }
  })

  it('follows its own events only', async () => {
    const { url, headwater } = await listen(secured)
    const stream = await follow(url, '', { 'x-who': 'globex' })
    for (const [tenant, counterId] of [
      ['acme', 'Marker'],
      ['globex', 'Other'],
      ['', 'None'],
    ] as const)
      await headwater.executeRaw('Increment', { counterId, by: 1 }, { tenant })
    await headwater.executeRaw('Increment', { counterId: 'Last', by: 1 }, { tenant: 'globex' })
    await stream.until(2)
    expect(stream.messages.map(({ data }) => JSON.parse(data).stream)).toEqual([
      'counter-Other',
      'counter-Last',
    ])
  })
})

describe('an identity of several tenants', () => {
  it('says which by a header, and only among its own', async () => {
    const served = await filled()
    const asked = async (who: string, tenant?: string) =>
      get(served, '/streams/counter-Marker', {
        'x-who': who,
        ...(tenant !== undefined && { 'headwater-tenant': tenant }),
      })
    expect((await asked('both', 'acme')).status).toBe(200)
    expect((await asked('both', 'globex')).json()).toMatchObject({ code: 'stream.not-found' })
    expect((await asked('both')).json()).toMatchObject({ status: 400, code: 'tenant.required' })
    expect((await asked('both', 'nobody')).json()).toMatchObject({ status: 403, code: 'tenant.forbidden' })
    expect((await asked('one')).status).toBe(200)
  })
})

describe('an operator', () => {
  it('reaches any tenant, and all of them at once, each item with its own', async () => {
    const served = await filled()
    const headers = { 'x-who': 'operator' }
    expect(
      (await get(served, '/streams/counter-Marker', { ...headers, 'headwater-tenant': 'acme' })).status,
    ).toBe(200)
    const events = await get(served, '/events?allTenants=true', headers)
    expect(events.json()['events']).toMatchObject([{ tenant: 'acme' }, { tenant: 'globex' }])
    const commands = await get(served, '/commands?allTenants=true', headers)
    expect(commands.json()['commands']).toMatchObject([{ tenant: 'acme' }, { tenant: 'globex' }])
    expect((await get(served, '/events', headers)).json()['events']).toEqual([])
  })
})

describe('the header Headwater-Tenant, of whom nobody identifies,', () => {
  const headers = { 'headwater-tenant': 'acme' }

  it('is taken while an app is being written', async () => {
    const served = await filled({ production: false })
    expect((await get(served, '/streams/counter-Marker', headers)).status).toBe(200)
    expect((await get(served, '/streams/counter-Marker')).status).toBe(404)
    expect((await get(served, '/events?allTenants=true')).json()['events']).toHaveLength(2)
  })

  it('is refused in production, unless it is allowed', async () => {
    const refused = await get(await serve({ production: true }), '/events', headers)
    expect(refused.json()).toMatchObject({ status: 403, code: 'tenant.forbidden' })
    expect(
      (await get(await serve({ production: true, tenantHeader: true }), '/events', headers)).status,
    ).toBe(200)
    expect((await get(await serve({ production: true }), '/events')).status).toBe(200)
  })

  it.each(['a b', '-a', 'a,b', '../a', 'ä'.normalize('NFD')])('is refused as %j', async (name) => {
    const answer = await get(await serve(), '/events', { 'headwater-tenant': name })
    expect(answer.json()).toMatchObject({ status: 400, code: 'tenant.invalid-name' })
  })
})

it('an answer says that it depends on the tenant, so that no cache mixes two up', async () => {
  const served = await filled()
  for (const url of Object.values(filling))
    expect(String((await get(served, url, { 'x-who': 'acme' })).headers['vary'])).toContain(
      'headwater-tenant',
    )
})
