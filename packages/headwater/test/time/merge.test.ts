import { type Branch, type Headwater, openStore, type RecordedEvent } from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MakeStore, storesOf } from '../support/stores.ts'
import {
  aWish,
  balances,
  commandOf,
  Deposit,
  views,
  wallets,
  type Wish,
  Withdraw,
} from '../support/wallets.ts'

const silent = { onError: () => undefined }
const why = 'it was so'

type Either = Branch | Headwater

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

async function sendAll(to: Either, wishes: readonly Wish[], series: string): Promise<void> {
  for (const [index, wish] of wishes.entries())
    await to.execute(commandOf(wish), { id: `${series}-${index}` })
}

async function each<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** What of the past is amended: the event of a number, by which edit. */
const anEdit = fc.record({ of: fc.nat(20), kind: fc.constantFrom('omit', 'replace', 'insert', 'restore') })
type AnEdit = typeof anEdit extends fc.Arbitrary<infer Value> ? Value : never

async function amendAll(
  on: Either,
  edits: readonly AnEdit[],
  among: readonly RecordedEvent[],
): Promise<void> {
  const deposits = among.filter(({ type }) => type === 'Deposited')
  for (const [index, { of, kind }] of edits.entries()) {
    const target = deposits[of % deposits.length]
    if (target === undefined) return
    const event = { ...depositOf(target), data: { amount: 7, label: `edit ${index}` } }
    if (kind === 'omit') await on.amend([{ omit: target.id }], { why })
    else if (kind === 'restore') await on.amend([{ restore: target.id }], { why })
    else if (kind === 'replace') await on.amend([{ replace: target.id, by: event }], { why })
    else await on.amend([{ insert: event, after: target.id }], { why })
  }
}

function depositOf({ type, version }: RecordedEvent) {
  return { kind: 'new-event', type, version, data: {}, tags: [] } as never as Parameters<
    Branch['append']
  >[1][number]
}

/** What everybody sees of the wallets, but when and where it was recorded. */
async function seen(on: Either): Promise<unknown> {
  const waitFor = (await on.lastPosition()) ?? 0
  const states: unknown[] = []
  for (const walletId of ['a', 'b', 'c', 'd']) {
    states.push((await on.state(`wallet-${walletId}`)).state)
    for (const { name } of views)
      states.push((await on.view(name).get(walletId, { waitFor, timeLimit: 60_000 }))?.doc)
  }
  for (const key of ['all', 'Deposited', 'Withdrawn', 'Closed'])
    states.push((await on.view('totals').get(key, { waitFor }))?.doc)
  return states
}

const wishes = fc.array(aWish, { maxLength: 6 })
const edits = fc.array(anEdit, { maxLength: 3 })
const numRuns = 10

describe.each(storesOf('merging'))('merging, with %s,', (_name, makeStore) => {
  it('a branch on which nothing happened differs in nothing, and merging it does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, async (past) =>
        inNewApp(makeStore, async (headwater) => {
          await sendAll(headwater, past, 'past')
          await headwater.branches.create('idle')
          const diff = await headwater.branch('idle').diff()
          expect(diff).toMatchObject({ events: [], streams: [], documents: [], commands: [] })
          const { position } = await headwater.head()
          const merged = await headwater.branch('idle').merge({ why })
          expect(merged).toMatchObject({ steps: [], left: [], decided: [] })
          expect((await headwater.head()).position).toBe(position)
        }),
      ),
      { numRuns: 5 },
    )
  })

  it('leaves no difference, keeps all ids, and is done once however often it is done', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, edits, async (past, tail, amendments) =>
        inNewApp(makeStore, async (headwater) => {
          await sendAll(headwater, past, 'past')
          await headwater.branches.create('one')
          const branch = headwater.branch('one')
          const before = await each(headwater.events())
          await sendAll(branch, tail, 'tail')
          await amendAll(branch, amendments, before)
          const on = await seen(branch)
          const ids = (await each(branch.events())).map(({ id }) => id).sort()
          await branch.merge({ why, actor: 'ada' })
          expect(await seen(headwater)).toEqual(on)
          const merged = (await each(headwater.events())).filter(({ type }) => type !== '$merged')
          expect(merged.map(({ id }) => id).sort()).toEqual(ids)
          const diff = await branch.diff()
          expect(diff).toMatchObject({ events: [], documents: [] })
          expect(diff.streams.filter(({ changes }) => changes.length > 0)).toEqual([])
          const { position } = await headwater.head()
          expect((await branch.merge({ why })).steps).toEqual([])
          expect((await headwater.head()).position).toBe(position)
        }),
      ),
      { numRuns },
    )
  })

  it('comes to the same as amending on main', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, fc.array(anEdit, { minLength: 1, maxLength: 4 }), async (past, amendments) => {
        const direct = await inNewApp(makeStore, async (headwater) => {
          await sendAll(headwater, past, 'past')
          await amendAll(headwater, amendments, await each(headwater.events()))
          return seen(headwater)
        })
        await inNewApp(makeStore, async (headwater) => {
          await sendAll(headwater, past, 'past')
          await headwater.branches.create('one')
          await amendAll(headwater.branch('one'), amendments, await each(headwater.events()))
          await headwater.branch('one').merge({ why })
          expect(await seen(headwater)).toEqual(direct)
        })
      }),
      { numRuns },
    )
  })

  it('takes what was amended of the branch’s own events as it stands there', async () => {
    await inNewApp(makeStore, async (headwater) => {
      await headwater.branches.create('one')
      const branch = headwater.branch('one')
      const sent = [10, 20, 30].map((amount) => branch.execute(Deposit({ walletId: 'a', amount })))
      const [first, second] = (await Promise.all(sent)).map(({ events }) => events[0]?.id ?? '')
      await branch.ignore(first ?? '', { why })
      await branch.amend([{ insert: depositFor(5), after: second ?? '' }], { why })
      expect((await branch.state('wallet-a')).state).toMatchObject({ balance: 55 })
      await branch.merge({ why })
      expect((await headwater.state('wallet-a')).state).toMatchObject({ balance: 55 })
      expect((await each(headwater.events())).map(({ type }) => type)).toEqual([
        '$merged',
        'Deposited',
        'Deposited',
        'Deposited',
      ])
    })
  })

  it('shows both sides of a conflict, and does what it is told', async () => {
    const conflicting = async (headwater: Headwater): Promise<Branch> => {
      await headwater.execute(Deposit({ walletId: 'a', amount: 50 }))
      await headwater.branches.create('one')
      const branch = headwater.branch('one')
      await branch.execute(Withdraw({ walletId: 'a', amount: 40 }), { id: 'mine' })
      await branch.execute(Deposit({ walletId: 'b', amount: 1 }), { id: 'free' })
      await headwater.execute(Withdraw({ walletId: 'a', amount: 30 }), { id: 'theirs' })
      return branch
    }
    const balance = async (headwater: Headwater, walletId: string) =>
      (await headwater.state(`wallet-${walletId}`)).state as { balance: number }
    await inNewApp(makeStore, async (headwater) => {
      const branch = await conflicting(headwater)
      const { position } = await headwater.head()
      await expect(branch.merge({ why })).rejects.toMatchObject({ code: 'merge.conflict' })
      expect((await headwater.head()).position).toBe(position)
      const plan = await branch.plan()
      expect(plan.conflicts).toMatchObject([{ stream: 'wallet-a', kind: 'moved', steps: ['mine'] }])
      expect(plan.conflicts[0]?.mine.map(({ id }) => id)).toEqual(['mine.1'])
      expect(plan.conflicts[0]?.theirs.map(({ id }) => id)).toEqual(['theirs.1'])
      await branch.merge({ why, resolve: { 'wallet-a': 'mine' } })
      expect([await balance(headwater, 'a'), await balance(headwater, 'b')]).toMatchObject([
        { balance: -20 },
        { balance: 1 },
      ])
    })
    await inNewApp(makeStore, async (headwater) => {
      const branch = await conflicting(headwater)
      const merged = await branch.merge({ why, resolve: 'theirs' })
      expect(merged).toMatchObject({ steps: ['free'], left: ['mine'] })
      expect(await balance(headwater, 'a')).toMatchObject({ balance: 20 })
    })
    await inNewApp(makeStore, async (headwater) => {
      const branch = await conflicting(headwater)
      const merged = await branch.merge({ why, resolve: 'decide' })
      expect(merged.decided).toMatchObject([
        { id: 'mine', status: 'rejected', reason: { code: 'too-poor', message: '20 < 40' } },
      ])
      expect(await balance(headwater, 'b')).toMatchObject({ balance: 1 })
    })
  })

  it('picks what it is asked for, and the rest later', async () => {
    await inNewApp(makeStore, async (headwater) => {
      await headwater.branches.create('one')
      const branch = headwater.branch('one')
      for (const id of ['x', 'y', 'z']) await branch.execute(Deposit({ walletId: id, amount: 10 }), { id })
      expect((await branch.merge({ why, only: ['y.1'] })).steps).toEqual(['y'])
      await expect(branch.merge({ why, only: ['w'] })).rejects.toMatchObject({ code: 'merge.unknown-step' })
      expect((await branch.merge({ why })).steps).toEqual(['x', 'z'])
      expect(
        (await headwater.view(balances).list({ waitFor: (await headwater.lastPosition()) ?? 0 })).items,
      ).toHaveLength(3)
    })
  })

  it('of a branch of a branch goes into that one, and from there on', async () => {
    await inNewApp(makeStore, async (headwater) => {
      await headwater.branches.create('one')
      await headwater.branches.create('two', { from: 'one' })
      await headwater.branch('two').execute(Deposit({ walletId: 'a', amount: 10 }), { id: 'deep' })
      await headwater.branch('two').merge({ why })
      expect((await headwater.branch('one').state('wallet-a')).state).toMatchObject({ balance: 10 })
      expect((await headwater.state('wallet-a')).revision).toBe(0)
      expect((await headwater.branch('one').merge({ why })).steps).toEqual(['deep'])
      expect((await each(headwater.stream('wallet-a'))).map(({ id }) => id)).toEqual(['deep.1'])
    })
  })

  it('is refused to those who may not', async () => {
    const mayMerge = ({ steps }: { steps: readonly unknown[] }, { actor }: { actor: string | null }) =>
      actor === 'ada' || `Ada merges, and nobody else: ${steps.length}`
    const headwater = await openStore(wallets, await makeStore(), { ...silent, mayMerge })
    await headwater.branches.create('one')
    const branch = headwater.branch('one')
    await branch.execute(Deposit({ walletId: 'a', amount: 10 }))
    await expect(branch.merge({ why, actor: 'bob' })).rejects.toMatchObject({
      code: 'merge.refused',
      message: 'Ada merges, and nobody else: 1',
    })
    expect((await headwater.head()).position).toBe(0)
    await branch.merge({ why, actor: 'ada' })
    await headwater.close()
  })

  it('is refused by the app wherever that is opened, and by who opens it', async () => {
    const said: string[] = []
    const refusing = (name: string, by: string) => async (_plan: unknown, who: { actor: string | null }) => {
      said.push(name)
      return who.actor !== by
    }
    const app = { ...wallets, mayMerge: refusing('app', 'bob') }
    const options = { ...silent, mayMerge: refusing('open', 'eve') }
    const headwater = await openStore(app, await makeStore(), options)
    await headwater.branches.create('one')
    const branch = headwater.branch('one')
    await branch.execute(Deposit({ walletId: 'a', amount: 10 }))
    for (const actor of ['bob', 'eve'])
      await expect(branch.merge({ why, actor })).rejects.toMatchObject({ code: 'merge.refused' })
    expect(said).toEqual(['app', 'app', 'open'])
    await branch.merge({ why, actor: 'ada' })
    await headwater.close()
  })

  it('goes on when main moves all the time, and loses nothing', async () => {
    await inNewApp(makeStore, async (headwater) => {
      await headwater.branches.create('one')
      const branch = headwater.branch('one')
      for (let n = 0; n < 10; n += 1) await branch.execute(Deposit({ walletId: 'a', amount: 1 }))
      const traffic = Array.from({ length: 40 }, (_, n) =>
        headwater.execute(Deposit({ walletId: ['b', 'c'][n % 2] ?? 'b', amount: 1 })),
      )
      const [merged] = await Promise.all([branch.merge({ why }), ...traffic])
      expect(merged.steps).toHaveLength(10)
      const waitFor = (await headwater.lastPosition()) ?? 0
      const { items } = await headwater.view('inline-balances').list({ waitFor })
      expect(items.map(({ doc }) => (doc as { balance: number }).balance)).toEqual([10, 20, 20])
    })
  })
})

function depositFor(amount: number) {
  return {
    kind: 'new-event',
    type: 'Deposited',
    version: 1,
    data: { amount, label: 'put in' },
    tags: [],
  } as never as Parameters<Branch['append']>[1][number]
}
