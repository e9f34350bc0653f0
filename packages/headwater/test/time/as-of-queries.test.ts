import { app, memoryImage, openStore, query, table } from 'headwater'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { account, byTag, dayOf, Posted } from '../support/ledger.ts'
import { storesOf } from '../support/stores.ts'

const totals = memoryImage('totals', {
  events: [Posted],
  tables: { sums: table<{ sum: number }>() },
  on: {
    Posted: ({ sums }, { aggregateId, data }) =>
      sums.set(aggregateId, { sum: (sums.get(aggregateId)?.sum ?? 0) + data.amount }),
  },
})

/** Everything that a query can read, as of whenever it is asked. */
const Everything = query('Everything', {
  handle: async (_input, { view, state, stream, events, query: ask, now }) => ({
    one: (await view(byTag).get('x'))?.doc.sum ?? null,
    all: (await view(byTag).list({ sort: '-sum' })).items.map(({ doc }) => doc.sum),
    balance: (await state(account, 'a')).state.balance,
    revisions: (await Array.fromAsync(stream('account-a', { after: 1 }))).map(({ revision }) => revision),
    positions: (await Array.fromAsync(events({ types: [Posted] }))).map(({ position }) => position),
    inner: await ask(Inner()),
    now,
  }),
})
const Inner = query('Inner', {
  handle: async (_input, { view }) => (await view(byTag).get('y'))?.doc.sum ?? null,
})
const Image = query('Image', {
  input: z.object({}).optional(),
  handle: async (_input, { image }) => (await image(totals)).sums.get('a') ?? null,
})

const ledger = app({
  name: 'ledger',
  aggregates: [account],
  views: [byTag],
  queries: [Everything, Inner, Image],
  images: [totals],
})

describe.each(storesOf('as-of-queries'))('a query as of a moment, with %s,', (_name, makeStore) => {
  async function opened() {
    const headwater = await openStore(ledger, await makeStore())
    onTestFinished(() => headwater.close())
    const post = (id: string, amount: number, tag: string, day: number) =>
      headwater.append(`account-${id}`, [{ ...Posted({ amount, tag }), occurredAt: dayOf(day) }])
    await post('a', 1, 'x', 0)
    await post('b', 5, 'xy', 2)
    await post('a', 2, 'x', 1)
    await post('a', 7, 'y', 3)
    return headwater
  }

  it('reads all that it reads as it was', async () => {
    const headwater = await opened()
    const third = await headwater.readEvents({ after: 2, limit: 1 })
    expect(await headwater.query(Everything(), { at: 3 })).toEqual({
      one: 26,
      all: [26, 5],
      balance: 3,
      revisions: [2],
      positions: [1, 2, 3],
      inner: 5,
      now: third.events[0]?.recordedAt,
    })
    expect(await headwater.query(Everything(), { at: dayOf(1) })).toEqual({
      one: 5,
      all: [5],
      balance: 3,
      revisions: [2],
      positions: [1, 3],
      inner: null,
      now: dayOf(1),
    })
    expect(await headwater.query(Everything(), { at: 0 })).toMatchObject({ one: null, all: [], balance: 0 })
    expect(await headwater.query(Everything(), { waitFor: 'head' })).toMatchObject({
      positions: [1, 2, 3, 4],
    })
  })

  it('is refused where it reads what has no past, or of a position that is not there yet', async () => {
    const headwater = await opened()
    expect(await headwater.query(Image(), { waitFor: 'head' })).toEqual({ sum: 10 })
    await expect(headwater.query(Image(), { at: 2 })).rejects.toMatchObject({ code: 'time.no-past' })
    await expect(headwater.query(Everything(), { at: 5 })).rejects.toMatchObject({ code: 'time.not-yet' })
  })
})
