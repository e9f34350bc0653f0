import { app, query, type Headwater } from '@headwater/core'
import { migrations, sqlView } from '@headwater/sql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { run } from './support/processes.ts'
import { newPath, running } from './support/running.ts'
import { folded, sales, type Sales, salesTables, shop, Sold, Withdrawn } from './support/sales.ts'

const skus = ['tea', 'cup', 'pot']

type Fact = ReturnType<typeof Sold> | ReturnType<typeof Withdrawn>

const fact: fc.Arbitrary<{ readonly tenant: string; readonly event: Fact }> = fc.record({
  tenant: fc.constantFrom('', 't'),
  event: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: -3, max: 9 }) })
        .map((data) => Sold(data)),
    },
    { weight: 1, arbitrary: fc.record({ sku: fc.constantFrom(...skus) }).map((data) => Withdrawn(data)) },
  ),
})

async function append(
  headwater: Headwater,
  facts: readonly { tenant: string; event: Fact }[],
): Promise<number> {
  let position = 0
  for (const { tenant, event } of facts)
    position = (await headwater.append('till-1', [event], { tenant })).position
  return position
}

async function rowsOf(headwater: Headwater, waitFor: number): Promise<unknown> {
  const db = await headwater.sql(sales, { waitFor, timeLimit: 60_000 })
  return db.selectFrom('totals').selectAll().orderBy('tenant').orderBy('sku').execute()
}

/** What the fold has made of the same events, as rows. */
async function foldedRows(headwater: Headwater, waitFor: number): Promise<unknown> {
  const rows: unknown[] = []
  for (const tenant of ['', 't']) {
    for await (const { key, doc } of headwater.view(folded).all({ tenant, waitFor, timeLimit: 60_000 }))
      rows.push({ tenant, sku: key, ...doc })
  }
  return rows
}

describe('a SQL view', () => {
  it('holds what a fold of the same events holds, whichever thread writes', async () => {
    for (const writer of ['inline', 'worker'] as const) {
      const headwater = await running(shop, { writer })
      await fc.assert(
        fc.asyncProperty(fc.array(fact, { minLength: 1, maxLength: 30 }), async (facts) => {
          const position = await append(headwater, facts)
          expect(await rowsOf(headwater, position)).toEqual(await foldedRows(headwater, position))
        }),
        { numRuns: 15 },
      )
    }
  })

  it('says when what it holds was amended, and holds what counts when it is rebuilt', async () => {
    const heard: unknown[] = []
    const headwater = await running(shop, { onError: (error) => heard.push(error) })
    const cups = Array.from({ length: 20 }, () => Sold({ sku: 'cup', quantity: 1 }))
    const { events, position: sold } = await headwater.append('till-1', cups)
    await rowsOf(headwater, sold)
    const [one = '', two = '', three = ''] = events.map(({ id }) => id)
    const edits = [
      { omit: one },
      { replace: two, by: Sold({ sku: 'tea', quantity: 5 }) },
      { insert: Sold({ sku: 'pot', quantity: 3 }), after: three },
    ]
    const { position } = await headwater.amend(edits, { why: 'counted again' })
    expect(await rowsOf(headwater, position)).toMatchObject([{ sku: 'cup', quantity: 20 }])
    expect(heard).toMatchObject([{ code: 'view.amended', details: { view: 'sales', position: sold + 1 } }])
    await (await headwater.rebuild(sales)).done()
    expect(await rowsOf(headwater, position)).toEqual(await foldedRows(headwater, position))
    expect(await rowsOf(headwater, position)).toMatchObject([
      { sku: 'cup', quantity: 18 },
      { sku: 'pot', quantity: 3 },
      { sku: 'tea', quantity: 5 },
    ])
  })

  it('has each event once, however often the process that projects it is killed', async () => {
    const path = newPath()
    const writing = await running(shop, { path, processors: false })
    const facts = fc.sample(fact, 400)
    const position = await append(writing, facts)
    for (const lines of [1, 4, 9]) await run('seller.ts', [path], lines)
    await run('seller.ts', [path])
    expect(await rowsOf(writing, position)).toEqual(await foldedRows(writing, position))
  })

  it('sees with a batch of one what the events before have written', async () => {
    const balance = sqlView('balance', {
      events: [Sold],
      tables: salesTables,
      batch: 1,
      on: {
        Sold: async ({ tenant, data: { sku, quantity } }, { db, write }) => {
          const known = await db.selectFrom('totals').selectAll().where('sku', '=', sku).executeTakeFirst()
          if (known === undefined)
            write(db.insertInto('totals').values({ tenant, sku, quantity, times: 1 }), { rows: 1 })
          else {
            const change = { quantity: known.quantity + quantity, times: known.times + 1 }
            write(db.updateTable('totals').set(change).where('sku', '=', sku), { rows: 1 })
          }
        },
      },
    })
    const headwater = await running(app({ name: 'shop', views: [balance] }))
    const events = Array.from({ length: 20 }, () => Sold({ sku: 'tea', quantity: 1 }))
    const { position } = await headwater.append('till-1', events)
    const db = await headwater.sql(balance, { waitFor: position })
    expect(await db.selectFrom('totals').select(['quantity', 'times']).execute()).toEqual([
      { quantity: 20, times: 20 },
    ])
  })

  it('refuses to read what its batch has written, and stops there', async () => {
    const hasty = sqlView('hasty', {
      events: [Sold],
      tables: salesTables,
      on: {
        Sold: async ({ tenant, data: { sku, quantity } }, { db, write }) => {
          await db.selectFrom('totals').selectAll().execute()
          write(db.insertInto('totals').values({ tenant, sku, quantity, times: 1 }))
        },
      },
    })
    const errors: unknown[] = []
    const headwater = await running(app({ name: 'shop', views: [hasty] }), {
      onError: (error) => errors.push(error),
    })
    await headwater.append('till-1', [Sold({ sku: 'tea', quantity: 1 }), Sold({ sku: 'cup', quantity: 1 })])
    await expect
      .poll(async () => (await headwater.processor(hasty).summary()).error)
      .toMatchObject({ code: 'sql.refused' })
    expect(await (await headwater.sql(hasty)).selectFrom('totals').selectAll().execute()).toEqual([])
    expect(errors).not.toEqual([])
  })

  it('with a key parks what it can’t project, with what follows of the key, and goes on with others', async () => {
    const careful = sqlView('careful', {
      events: [Sold],
      tables: salesTables,
      key: ({ data }) => data.sku,
      project: (events, { db, write }) => {
        for (const { tenant, data } of events) {
          if (data.quantity < 0) throw new Error('less than none')
          write(db.insertInto('totals').values({ tenant, ...data, times: 1 }))
        }
      },
    })
    const headwater = await running(app({ name: 'shop', views: [careful] }), { onError: () => undefined })
    const sold = (sku: string, quantity: number) => Sold({ sku, quantity })
    const { position } = await headwater.append('till-1', [
      sold('a', 1),
      sold('b', -1),
      sold('c', 1),
      sold('b', 5),
      sold('d', 1),
    ])
    const db = await headwater.sql(careful, { waitFor: position })
    const rows = await db.selectFrom('totals').select('sku').orderBy('sku').execute()
    expect(rows.map(({ sku }) => sku)).toEqual(['a', 'c', 'd'])
    const parked = await headwater.processor(careful).parked.list()
    expect(parked.map(({ sequence, position: at }) => [sequence, at])).toEqual([
      ['b', 2],
      ['b', 4],
    ])
  })

  it('is rebuilt beside the version that is read when its code has changed, each with tables of its own', async () => {
    const path = newPath()
    const first = await running(app({ name: 'shop', views: [named(1)] }), { path })
    const { position } = await first.append('till-1', [Sold({ sku: 'tea', quantity: 3 })])
    expect(await quantities(first, named(1), position)).toEqual([3])
    await first.close()
    const second = await running(app({ name: 'shop', views: [named(2)] }), {
      path,
      onWarning: () => undefined,
    })
    expect(await quantities(second, named(2), position)).toEqual([3])
    await (await second.versions('versioned').rebuild()).done()
    expect(await quantities(second, named(2), position)).toEqual([6])
  })

  it('answers queries, which wait for a position and write nothing', async () => {
    const Best = query('Best', {
      input: z.object({ least: z.int() }),
      handle: async ({ least }, { sql, tenant }) => {
        const db = await sql(sales)
        const totals = db.selectFrom('totals').select('sku').where('tenant', '=', tenant)
        return (await totals.where('quantity', '>=', least).orderBy('sku').execute()).map(({ sku }) => sku)
      },
    })
    const headwater = await running(app({ name: 'shop', views: [sales], queries: [Best] }))
    const events = [Sold({ sku: 'tea', quantity: 5 }), Sold({ sku: 'cup', quantity: 1 })]
    const { position: waitFor } = await headwater.append('till-1', events)
    expect(await headwater.query(Best({ least: 3 }), { waitFor })).toEqual(['tea'])
  })

  it('has no documents, and says so', async () => {
    const headwater = await running(shop)
    const code = 'view.in-tables'
    await expect(headwater.view(sales).list()).rejects.toMatchObject({ code })
    await expect(headwater.view('sales').get('tea')).rejects.toMatchObject({ code })
  })

  it('is refused where its tables can’t be named, and where an event has no projection', () => {
    const tables = migrations<Sales>({})
    expect(() => sqlView('pg_x', { events: [Sold], tables, project: () => undefined })).toThrow(
      'can’t name tables',
    )
    expect(() => sqlView('a__b', { events: [Sold], tables, project: () => undefined })).toThrow(
      'can’t name tables',
    )
    expect(() => sqlView('x', { events: [Sold], tables, batch: 0, project: () => undefined })).toThrow(
      'batch',
    )
    const partial: object = { events: [Sold], tables, on: {} }
    expect(() => Reflect.apply(sqlView, undefined, ['x', partial])).toThrow('has no on.Sold')
  })
})

/** Its code is another one for every number. */
const named = (times: number) =>
  sqlView('versioned', {
    events: [Sold],
    tables: salesTables,
    revision: String(times),
    project: (events, { db, write }) => {
      for (const { tenant, position, data } of events) {
        const { sku, quantity } = data
        write(
          db
            .insertInto('totals')
            .values({ tenant, sku: `${sku}-${position}`, quantity: quantity * times, times }),
        )
      }
    },
  })

async function quantities(
  headwater: Headwater,
  view: ReturnType<typeof named>,
  waitFor: number,
): Promise<readonly number[]> {
  const db = await headwater.sql(view, { waitFor })
  return (await db.selectFrom('totals').select('quantity').execute()).map(({ quantity }) => quantity)
}
