import {
  aggregate,
  app,
  command,
  event,
  type Headwater,
  memoryStore,
  migration,
  openStore,
  type Store,
  view,
} from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contentOf, faultsOf, migrated } from './shop.ts'

const Sold = event('Sold', z.object({ pence: z.int() }))
const Closed = event('Closed', z.object({}))
const Sell = command('Sell', z.object({ tillId: z.string(), pence: z.int() }))
const Close = command('Close', z.object({ tillId: z.string() }))

const till = aggregate('till', {
  events: [Sold, Closed],
  commands: [Sell, Close],
  initial: { sold: [] as readonly number[] },
  evolve: {
    Sold: ({ sold }, { data }) => ({ sold: [...sold, data.pence] }),
    Closed: (state) => state,
  },
  decide: { Sell: (_state, { pence }) => Sold({ pence }), Close: () => Closed({}) },
})
const takings = view('takings', {
  events: [Sold],
  initial: [] as readonly number[],
  on: { Sold: (sold, { data }) => [...sold, data.pence] },
})
const market = app({ name: 'market', aggregates: [till], views: [takings] })
const silent = { onError: () => undefined }

const tills = ['a', 'b']
const edit = fc.record({
  kind: fc.constantFrom('omit', 'replace', 'insert', 'first', 'restore', 'merge'),
  of: fc.nat(20),
})
type AnEdit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never

/** A log in which the past was amended, on main and on branches that were merged. */
async function amended(
  edits: readonly AnEdit[],
  before = async (_headwater: Headwater) => undefined,
): Promise<Store> {
  const store = memoryStore()
  const headwater = await openStore(market, { ...store, close: async () => undefined }, silent)
  await before(headwater)
  const ids: string[] = []
  for (let n = 0; n < 6; n += 1) {
    const { events } = await headwater.execute(Sell({ tillId: tills[n % 2] ?? 'a', pence: n + 1 }))
    ids.push(...events.map(({ id }) => id))
  }
  for (const [index, { kind, of }] of edits.entries()) {
    const id = ids[of % ids.length] ?? ''
    const by = Sold({ pence: 100 + index })
    const why = { why: `edit ${index}` }
    if (kind === 'omit') await headwater.ignore(id, why)
    else if (kind === 'replace') await headwater.correct(id, by, why)
    else if (kind === 'restore') await headwater.restore(id, why)
    else if (kind === 'merge') {
      const branch = headwater.branch(`b${index}`)
      await headwater.branches.create(branch.name)
      await branch.correct(id, by, why)
      await branch.execute(Sell({ tillId: 'a', pence: 50 + index }))
      await branch.merge(why)
    } else {
      const insert = kind === 'first' ? { insert: by, first: 'till-a' } : { insert: by, after: id }
      const { amendments } = await headwater.amend([insert], why)
      ids.push(...amendments.map((amendment) => amendment.id))
    }
  }
  await headwater.close()
  return store
}

/** What everybody sees of the tills, as it counts and as it was believed at each position. */
async function seen(store: Store): Promise<unknown> {
  const headwater = await openStore(market, { ...store, close: async () => undefined }, silent)
  const { position } = await headwater.head()
  const all: unknown[] = []
  for (const tillId of tills) {
    const item = await headwater.view(takings).get(tillId, { waitFor: position })
    all.push(item?.doc)
    for (let known = 1; known <= position; known += 1)
      all.push(await headwater.state(till, tillId, { known }))
    const { items } = await headwater.history(`till-${tillId}`)
    all.push(items.map(({ event: { id, amended: said }, state }) => [id, said?.edit, said?.why, state]))
  }
  await headwater.close()
  return all
}

/** Events and commands; numbers of commands that were on a branch stay there. */
async function recordedIn(store: Store): Promise<unknown> {
  const { events, commands } = await contentOf(store)
  return { events, commands: commands.map(({ sequence: _sequence, ...command }) => command) }
}

const plain = migration({ app: market, from: [], events: {} })

describe('a log in which the past was amended', () => {
  it('is copied with its amendments, which mean the same there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        const source = await amended(edits)
        const { target, map } = await migrated(source, plain)
        expect(await recordedIn(target)).toEqual(await recordedIn(source))
        expect(await seen(target)).toEqual(await seen(source))
        expect(await faultsOf(source, { target, map }, plain)).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  it('is copied up to where nothing has moved yet, and what moves later is no matter', async () => {
    const source = await amended([{ kind: 'replace', of: 0 }])
    const before = await seen(source)
    const headwater = await openStore(market, { ...source, close: async () => undefined }, silent)
    await headwater.execute(Close({ tillId: 'a' }))
    await headwater.close()
    const dropping = migration({
      app: market,
      from: [Closed],
      events: { Closed: (_event, { drop }) => drop('no more') },
    })
    const { target, map } = await migrated(source, dropping)
    expect(await seen(target)).toEqual(before)
    expect(await faultsOf(source, { target, map }, dropping)).toEqual([])
  })

  it('is refused where events before an amendment move, with what to do', async () => {
    const source = await amended([{ kind: 'replace', of: 0 }], async (headwater) => {
      await headwater.execute(Close({ tillId: 'a' }))
      return undefined
    })
    const dropping = migration({
      app: market,
      from: [Closed],
      events: { Closed: (_event, { drop }) => drop('no more') },
    })
    await expect(migrated(source, dropping)).rejects.toMatchObject({
      code: 'migration.failed',
      message: expect.stringMatching(
        /\$amended v1 at position 8 .* events before it have moved.*amend restore/,
      ),
    })
    const renaming = migration({ app: market, from: [], events: {}, streams: (stream) => `${stream}-old` })
    await expect(migrated(source, renaming)).rejects.toThrow(/have moved/)
  })

  it('is refused where a rule rewrites what an amendment is about, or what it says', async () => {
    const source = await amended([{ kind: 'omit', of: 0 }])
    const ruled = migration({ app: market, from: [Sold], events: { Sold: (_event, { keep }) => keep() } })
    await expect(migrated(source, ruled)).rejects.toMatchObject({
      code: 'migration.failed',
      message: expect.stringMatching(/there is a rule for Sold/),
    })
  })
})
