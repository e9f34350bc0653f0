import type { NewEvent, Store } from '@headwater/core'
import { appendError, appendWithin } from '@headwater/postgres'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aCommand, aRequest, positionsOf, upTo } from './requests.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

const happened: NewEvent = {
  type: 'Happened',
  version: 1,
  data: { n: 1 },
  occurredAt: undefined,
  tags: ['x'],
}

describe.skipIf(server === undefined)('an append in a transaction of a user’s own', () => {
  let store: Store
  let schema: string
  const clients: pg.Client[] = []

  /** Another program's connection, with a table of its own. */
  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    clients.push(client)
    return client
  }

  beforeEach(async () => {
    const database = randomUUID()
    schema = schemaOf(database)
    store = await openTrial({ database })
    await administer(`CREATE TABLE ${schema}_tables.invoices (id text PRIMARY KEY)`)
  })

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()))
    await store.close()
  })

  const invoices = async () =>
    (await administer(`SELECT id FROM ${schema}_tables.invoices ORDER BY id`)).length

  it('is committed with it, and found by streams, types and tags', async () => {
    const client = await connect()
    await client.query('BEGIN')
    await client.query(`INSERT INTO ${schema}_tables.invoices VALUES ('1')`)
    const streams = [
      { stream: 'invoice-1', events: [happened, happened], expected: 'none' as const },
      { stream: 'customer-1', events: [happened] },
    ]
    const id = await appendWithin(client, streams, { schema, actor: 'ada' })
    expect(await positionsOf(store)).toEqual([])
    await client.query('COMMIT')
    const scope = { branch: 0, tenant: '', after: 0, limit: 10 }
    const page = await store.log.read({ ...scope, query: { items: [{ types: ['Happened'], tags: ['x'] }] } })
    expect(
      page.events.map(({ commandId, ordinal, stream, revision }) => [commandId, ordinal, stream, revision]),
    ).toEqual([
      [id, 1, 'invoice-1', 1],
      [id, 2, 'invoice-1', 2],
      [id, 3, 'customer-1', 1],
    ])
    expect(page.events[0]).toMatchObject({ data: '{"n":1}', actor: 'ada' })
    expect((await store.log.read({ ...scope, types: ['Happened'] })).events).toHaveLength(3)
    expect(await administer(`SELECT 1 FROM ${schema}.staged_appends`)).toEqual([])
  })

  it('is gone with it', async () => {
    const client = await connect()
    await client.query('BEGIN')
    await appendWithin(client, [{ stream: 'invoice-1', events: [happened] }], { schema })
    await client.query('ROLLBACK')
    await store.log.append([aRequest('a-1')])
    expect(await positionsOf(store)).toEqual([1])
  })

  it('holds nobody up before the commit, and stands after what was committed meanwhile', async () => {
    const client = await connect()
    await client.query('BEGIN')
    await appendWithin(client, [{ stream: 'a-1', events: [happened] }], { schema })
    await store.log.append([aRequest('a-1'), aRequest('b-1')])
    await client.query('COMMIT')
    const { events } = await store.log.read({ branch: 0, tenant: undefined, after: 0, limit: 10 })
    expect(events.map(({ stream, revision }) => [stream, revision])).toEqual([
      ['a-1', 1],
      ['b-1', 1],
      ['a-1', 2],
    ])
  })

  it('ends the transaction where the stream is not as expected', async () => {
    const client = await connect()
    await client.query('BEGIN')
    await client.query(`INSERT INTO ${schema}_tables.invoices VALUES ('1')`)
    await appendWithin(client, [{ stream: 'a-1', events: [happened], expected: 'none' }], { schema })
    await store.log.append([aRequest('a-1')])
    const error = await client.query('COMMIT').catch(appendError)
    expect(error).toMatchObject({ code: 'log.conflict', message: 'Stream a-1 is at revision 1' })
    expect([await positionsOf(store), await invoices()]).toEqual([[1], 0])
  })

  it('ends the transaction where events that it excludes were recorded', async () => {
    const client = await connect()
    await client.query('BEGIN')
    const conditions = [{ query: { items: [{ types: ['Happened'] }] }, after: 0 }]
    await appendWithin(client, [{ stream: 'a-1', events: [happened] }], { schema, conditions })
    await store.log.append([aRequest('b-1')])
    expect(await client.query('COMMIT').catch(appendError)).toMatchObject({ code: 'log.condition-failed' })
    expect(await positionsOf(store)).toEqual([1])
  })

  it('is committed once for an id', async () => {
    const client = await connect()
    const once = async (invoice: string) => {
      await client.query('BEGIN')
      await client.query(`INSERT INTO ${schema}_tables.invoices VALUES ('${invoice}')`)
      await appendWithin(client, [{ stream: 'a-1', events: [happened] }], { schema, id: 'payment-7' })
      return client.query('COMMIT').catch(appendError)
    }
    expect(await once('1')).toMatchObject({ command: 'COMMIT' })
    expect(await once('2')).toMatchObject({ code: 'log.duplicate' })
    expect([await positionsOf(store), await invoices()]).toEqual([[1], 1])
    const again = aRequest('a-1', { commandId: 'payment-7', command: aCommand })
    expect(await store.log.append([again])).toEqual([{ status: 'duplicate' }])
  })

  it.each(['REPEATABLE READ', 'SERIALIZABLE'])('is refused in a transaction that is %s', async (level) => {
    const client = await connect()
    await client.query(`BEGIN ISOLATION LEVEL ${level}`)
    await expect(
      appendWithin(client, [{ stream: 'a-1', events: [happened] }], { schema }),
    ).rejects.toMatchObject({ code: 'log.isolation-level' })
    await client.query('ROLLBACK')
  })

  it('is refused where an inline view would miss its events', async () => {
    await administer(
      `INSERT INTO ${schema}.view_versions (branch, view, version, state, collection, processor, lifecycle, code, types, options,
        made_by, made_at, changed_at)
       VALUES (0, 'totals', 1, 'current', 'totals@1', 'totals@1', 'inline', '', '["Happened"]', '{}', '', 0, 0)`,
    )
    const client = await connect()
    await client.query('BEGIN')
    await appendWithin(client, [{ stream: 'a-1', events: [happened] }], { schema })
    expect(await client.query('COMMIT').catch(appendError)).toMatchObject({ code: 'log.inline-view' })
  })

  it('keeps positions dense and revisions true while apps append to the same streams', async () => {
    const programs = await Promise.all([1, 2, 3, 4].map(connect))
    const transactions = programs.map(async (client, program) => {
      for (let round = 0; round < 15; round += 1) {
        await client.query('BEGIN')
        await appendWithin(client, [{ stream: 'shared-1', events: [happened] }], { schema })
        await appendWithin(client, [{ stream: `own-${program}`, events: [happened, happened] }], { schema })
        await client.query(round % 4 === 3 ? 'ROLLBACK' : 'COMMIT')
      }
    })
    const app = (async () => {
      for (let round = 0; round < 30; round += 1)
        await store.log.append([aRequest('shared-1'), aRequest('app-1')])
    })()
    await Promise.all([...transactions, app])
    // Of 15 rounds 12 are committed, with three events each.
    expect(await positionsOf(store)).toEqual(upTo(4 * 12 * 3 + 60))
    const shared = await store.log.readStream({
      branch: 0,
      tenant: '',
      stream: 'shared-1',
      after: 0,
      limit: 1_000,
    })
    expect(shared.events.map(({ revision }) => revision)).toEqual(upTo(4 * 12 + 30))
  })
})
