import { type Branch, type Headwater, openStore, type RecordedEvent, type ViewItem } from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MakeStore, storesOf } from '../support/stores.ts'
import {
  aWish,
  balances,
  commandOf,
  Deposit,
  effects,
  Richest,
  views,
  wallet,
  wallets,
  type Wish,
  Withdraw,
} from '../support/wallets.ts'

const silent = { onError: () => undefined }

type Either = Branch | Headwater

async function sendAll(to: Either, wishes: readonly Wish[], series: string): Promise<readonly unknown[]> {
  const outcomes: unknown[] = []
  for (const [index, wish] of wishes.entries()) {
    const { status, position, revision } = await to.execute(commandOf(wish), { id: `${series}-${index}` })
    outcomes.push({ status, position, revision })
  }
  return outcomes
}

async function each<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** What is read inline shows the last position of its append, which may be that of an event it has nothing of. */
function shown(view: string, item: ViewItem<unknown> | undefined): unknown {
  return view === 'inline-balances' && item !== undefined ? { key: item.key, doc: item.doc } : item
}

/** Everything that somebody who uses the app can see, but when it was. */
async function everything(on: Either): Promise<unknown> {
  const waitFor = (await on.lastPosition()) ?? 0
  const streams = await on.streams()
  const timeless = (event: RecordedEvent) => ({ ...event, recordedAt: null, occurredAt: null })
  const seen: unknown[] = [waitFor, streams, (await each(on.events())).map(timeless)]
  for (const { stream } of streams) {
    const page = await on.readStream(stream)
    seen.push(page.revision, page.events.map(timeless))
    if (stream.startsWith('wallet-')) {
      const { items } = await on.history(stream)
      seen.push(
        await on.state(stream),
        items.map(({ state }) => state),
      )
    }
  }
  const commands = await on.commands()
  const untimed = (reads: (typeof commands)[number]['reads']) => ({ ...reads, now: undefined })
  seen.push(
    commands.map(({ reads, ...command }) => {
      return { ...command, reads: untimed(reads), decidedAt: null, sequence: null }
    }),
  )
  for (const { name } of views) {
    const reader = on.view(name)
    for (const key of ['a', 'b', 'c', 'd', 'all', 'Closed'])
      seen.push(shown(name, await reader.get(key, { waitFor })))
    for (const query of [
      {},
      { sort: '-balance' },
      { sort: 'balance', filter: { balance: { gte: 50 } } },
      { sort: 'count' },
    ]) {
      for (const limit of [1, 3, 100]) {
        let cursor: string | null | undefined
        do {
          const page = await reader.list({ ...query, limit, waitFor, ...(cursor && { cursor }) })
          seen.push(page.items.map((item) => shown(name, item)))
          cursor = page.cursor
        } while (cursor !== null)
      }
    }
    seen.push((await each(reader.all({ waitFor }))).map((item) => shown(name, item)))
  }
  for (const search of ['cash', 'gif']) seen.push((await on.view(balances).list({ search, waitFor })).items)
  seen.push(await on.query(Richest({}), { waitFor }))
  return seen
}

async function inNewApp<Result>(
  makeStore: MakeStore,
  work: (headwater: Headwater) => Promise<Result>,
): Promise<Result> {
  const headwater = await openStore(wallets, await makeStore(), silent)
  try {
    return await work(headwater)
  } finally {
    await headwater.close()
  }
}

const wishes = fc.array(aWish, { maxLength: 8 })
const numRuns = 12
/** Milliseconds: each run opens a database of its own. */
const timeLimit = 120_000

describe.each(storesOf('branches'))('a branch, with %s,', (_name, makeStore) => {
  it(
    'equals its parent everywhere as long as nothing is recorded on it',
    async () => {
      const empty = fc.asyncProperty(wishes, async (past) => {
        await inNewApp(makeStore, async (headwater) => {
          await sendAll(headwater, past, 'past')
          await headwater.branches.create('one')
          await headwater.branches.create('two', { from: 'one' })
          const main = await everything(headwater)
          expect(await everything(headwater.branch('one'))).toEqual(main)
          expect(await everything(headwater.branch('two'))).toEqual(main)
        })
      })
      await fc.assert(empty, { numRuns })
    },
    timeLimit,
  )

  it(
    'goes on as main would have, whatever happens on main meanwhile',
    async () => {
      const parallel = fc.asyncProperty(
        wishes,
        wishes,
        wishes,
        wishes,
        async (past, first, second, meanwhile) => {
          const expected = await inNewApp(makeStore, async (headwater) => {
            await sendAll(headwater, past, 'past')
            const outcomes = [
              await sendAll(headwater, first, 'first'),
              await sendAll(headwater, second, 'second'),
            ]
            return { outcomes, seen: await everything(headwater) }
          })
          await inNewApp(makeStore, async (headwater) => {
            await sendAll(headwater, past, 'past')
            await headwater.branches.create('one')
            await sendAll(headwater, meanwhile, 'meanwhile')
            const outcomes = [await sendAll(headwater.branch('one'), first, 'first')]
            await headwater.branches.create('two', { from: 'one' })
            await sendAll(headwater.branch('one'), meanwhile, 'elsewhere')
            const two = headwater.branch('two')
            outcomes.push(await sendAll(two, second, 'second'))
            expect(outcomes).toEqual(expected.outcomes)
            expect(await everything(two)).toEqual(expected.seen)
          })
        },
      )
      await fc.assert(parallel, { numRuns })
    },
    timeLimit,
  )

  it(
    'begins at any place in the past as if nothing had happened since',
    async () => {
      const anywhere = fc.asyncProperty(
        fc.array(aWish, { minLength: 1, maxLength: 8 }),
        wishes,
        async (past, tail) => {
          await inNewApp(makeStore, async (headwater) => {
            await sendAll(headwater, past, 'past')
            const { position } = await headwater.head()
            for (let at = 0; at <= position; at += 1) {
              const name = `at-${at}`
              await headwater.branches.create(name, { at })
              const branch = headwater.branch(name)
              await sendAll(branch, tail, 'tail')
              const events = await each(headwater.events())
              expect((await each(branch.events())).slice(0, at)).toEqual(events.slice(0, at))
              const { revision } = await branch.state(wallet, 'a')
              const own = (await each(branch.events())).filter(({ stream }) => stream === 'wallet-a')
              expect(own.map((event) => event.revision)).toEqual(own.map((_, index) => index + 1))
              expect(revision).toBe(own.length)
              await branch.drop()
            }
          })
        },
      )
      await fc.assert(anywhere, { numRuns: 5 })
    },
    timeLimit,
  )

  it(
    'changes nothing on main, and has no effect',
    async () => {
      const apart = fc.asyncProperty(wishes, wishes, async (past, tail) => {
        await inNewApp(makeStore, async (headwater) => {
          await sendAll(headwater, past, 'past')
          const before = await everything(headwater)
          const { position } = await headwater.head()
          await headwater.processor('later').waitFor(position)
          const done = effects.length
          await headwater.branches.create('one')
          const one = headwater.branch('one')
          await sendAll(one, tail, 'tail')
          await everything(one)
          expect(await everything(headwater)).toEqual(before)
          await one.drop()
          expect(await everything(headwater)).toEqual(before)
          await headwater.processor('later').waitFor(position)
          expect(effects).toHaveLength(done)
        })
      })
      await fc.assert(apart, { numRuns })
    },
    timeLimit,
  )

  it('amends what it has of main for itself alone, in states, views and on branches of it', async () => {
    await inNewApp(makeStore, async (headwater) => {
      for (const amount of [1, 20, 60]) await headwater.execute(Deposit({ walletId: 'a', amount }))
      await headwater.execute(Deposit({ walletId: 'b', amount: 5 }))
      const main = await everything(headwater)
      await headwater.branches.create('one')
      const one = headwater.branch('one')
      const [, second] = await each(one.events())
      await one.ignore(second?.id ?? '', { why: 'it never came' })
      await one.execute(Deposit({ walletId: 'a', amount: 3 }))
      await headwater.branches.create('two', { from: 'one' })
      for (const branch of [one, headwater.branch('two')]) {
        expect(await branch.state(wallet, 'a')).toMatchObject({ state: { balance: 64 } })
        for (const name of ['balances', 'inline-balances', 'live-balances']) {
          const reader = branch.view(name)
          expect([name, (await reader.get('a'))?.doc]).toMatchObject([name, { balance: 64 }])
          const { items } = await reader.list({ sort: 'balance' })
          expect([name, items.map(({ key }) => key)]).toEqual([name, ['b', 'a']])
        }
        expect((await branch.view('totals').get('all'))?.doc).toEqual({ count: 4 })
      }
      expect(await everything(headwater)).toEqual(main)
    })
  })

  it('knows nothing of what main says of its past later', async () => {
    await inNewApp(makeStore, async (headwater) => {
      for (const amount of [1, 20]) await headwater.execute(Deposit({ walletId: 'a', amount }))
      await headwater.branches.create('one')
      const [first] = await each(headwater.events())
      await headwater.ignore(first?.id ?? '', { why: 'it never came' })
      await headwater.view(balances).get('a', { waitFor: 3 })
      const one = headwater.branch('one')
      expect(await headwater.state(wallet, 'a')).toMatchObject({ state: { balance: 20 } })
      expect(await one.state(wallet, 'a')).toMatchObject({ state: { balance: 21 } })
      for (const { name } of views.slice(0, 3)) {
        expect([name, (await one.view(name).get('a'))?.doc]).toMatchObject([name, { balance: 21 }])
        const { items } = await one.view(name).list()
        expect([name, items.map(({ doc }) => doc)]).toMatchObject([name, [{ balance: 21 }]])
      }
    })
  })

  it('is gone when it is dropped, and its name is free', async () => {
    await inNewApp(makeStore, async (headwater) => {
      await headwater.execute(Deposit({ walletId: 'a', amount: 5 }))
      await headwater.branches.create('one', { actor: 'ada' })
      const one = headwater.branch('one')
      await one.execute(Withdraw({ walletId: 'a', amount: 4 }))
      expect(await one.info()).toMatchObject({ base: 1, head: 2, from: null, actor: 'ada' })
      await headwater.branches.create('two', { from: 'one' })
      await expect(one.drop()).rejects.toMatchObject({ code: 'branch.has-branches' })
      expect(await headwater.branches.list()).toMatchObject([
        { name: 'one' },
        { name: 'two', from: 'one', base: 2 },
      ])
      await headwater.branch('two').drop()
      await one.drop()
      expect(await headwater.branches.list()).toEqual([])
      await expect(one.state(wallet, 'a')).rejects.toMatchObject({ code: 'branch.unknown' })
      await expect(each(one.events())).rejects.toMatchObject({ code: 'branch.unknown' })
      await headwater.branches.create('one')
      expect(await one.state(wallet, 'a')).toEqual({ state: { balance: 5, isClosed: false }, revision: 1 })
    })
  })

  it('is of one tenant, and has nothing of others', async () => {
    await inNewApp(makeStore, async (headwater) => {
      for (const tenant of ['acme', 'other'])
        await headwater.execute(Deposit({ walletId: 'a', amount: tenant.length }), { tenant })
      await headwater.branches.create('one', { tenant: 'acme' })
      const one = headwater.branch('one', { tenant: 'acme' })
      expect(await one.state(wallet, 'a', { tenant: 'other' })).toMatchObject({ state: { balance: 4 } })
      await one.execute(Deposit({ walletId: 'a', amount: 1 }), { tenant: 'other' })
      expect(await one.state(wallet, 'a')).toMatchObject({ state: { balance: 5 } })
      expect(await each(one.events({ allTenants: true }))).toHaveLength(2)
      expect(await headwater.branches.list({ tenant: 'other' })).toEqual([])
      expect(await headwater.branches.list({ allTenants: true })).toHaveLength(1)
      for (const tenant of ['', 'other'])
        await expect(headwater.branch('one', { tenant }).head()).rejects.toMatchObject({
          code: 'branch.unknown',
        })
    })
  })

  it('has a clock of its own', async () => {
    await inNewApp(makeStore, async (headwater) => {
      await headwater.branches.create('later')
      const later = headwater.branch('later')
      const time = new Date('2050-01-01T00:00:00Z')
      const { now } = await later.moveTo(time)
      expect(now.getTime()).toBeGreaterThanOrEqual(time.getTime())
      await later.execute(Deposit({ walletId: 'a', amount: 5 }))
      const [event] = await each(later.events())
      expect(event?.occurredAt.getFullYear()).toBe(2050)
      await expect(later.moveTo(new Date('never'))).rejects.toMatchObject({ code: 'branch.invalid' })
    })
  })

  it.each([
    ['', {}, 'branch.invalid'],
    ['main', {}, 'branch.invalid'],
    ['a b', {}, 'branch.invalid'],
    ['x'.repeat(64), {}, 'branch.invalid'],
    ['ok', { at: -1 }, 'branch.invalid'],
    ['ok', { at: 1.5 }, 'branch.invalid'],
    ['ok', { at: new Date('never') }, 'branch.invalid'],
    ['ok', { at: 9 }, 'time.not-yet'],
    ['ok', { from: 'nowhere' }, 'branch.unknown'],
    ['there', {}, 'branch.taken'],
  ])('named %j with %j is refused', async (name, options, code) => {
    await inNewApp(makeStore, async (headwater) => {
      await headwater.branches.create('there')
      await expect((async () => headwater.branches.create(name, options))()).rejects.toMatchObject({ code })
    })
  })
})
