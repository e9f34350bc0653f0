import { type Branch, type DebugStep, type Headwater, openStore } from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { account, type Entry, entry, eventOf, ledger, Posted } from '../support/ledger.ts'
import { type MakeStore, storesOf } from '../support/stores.ts'

const own = (one: Entry): Entry => ({ ...one, tenant: '' })

/** What is done to a branch: something is recorded, or an event of before is omitted, replaced, or restored. */
type Act =
  | { readonly kind: 'record'; readonly entry: Entry }
  | { readonly kind: 'amend'; readonly edit: 'omit' | 'replace' | 'restore'; readonly which: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  entry.map((one): Act => ({ kind: 'record', entry: own(one) })),
  fc.record({
    kind: fc.constant('amend' as const),
    edit: fc.constantFrom('omit' as const, 'replace' as const, 'restore' as const),
    which: fc.nat({ max: 20 }),
  }),
)

async function record(on: Branch | Headwater, entries: readonly Entry[]): Promise<void> {
  for (const one of entries) await on.append(`account-${one.id}`, [eventOf(one)])
}

async function apply(branch: Branch, acts: readonly Act[]): Promise<void> {
  for (const one of acts) {
    if (one.kind === 'record') {
      await record(branch, [one.entry])
      continue
    }
    const { events } = await branch.readEvents({ types: ['Posted', 'Closed'], limit: 100 })
    const id = events[one.which % Math.max(1, events.length)]?.id
    if (id === undefined) continue
    const why = 'to see what would be'
    if (one.edit === 'omit') await branch.ignore(id, { why })
    else if (one.edit === 'restore') await branch.restore(id, { why })
    else await branch.correct(id, Posted({ amount: 5, tag: 'x' }), { why })
  }
}

async function all(next: () => Promise<DebugStep | undefined>): Promise<readonly DebugStep[]> {
  const steps: DebugStep[] = []
  for (let step = await next(); step !== undefined; step = await next()) steps.push(step)
  return steps
}

/** What a step says has to be what the branch's reads as of the positions beside it say, which fold all of it anew. */
async function check(branch: Branch, { event, aggregate, documents }: DebugStep): Promise<void> {
  const { position, aggregateId } = event
  const state = async (at: number) => (await branch.state(account, aggregateId, { at })).state
  expect(aggregate).toMatchObject({ before: await state(position - 1), after: await state(position) })
  for (const { view, key, before, after } of documents) {
    const doc = async (at: number) => (await branch.view(view).get(key, { at }))?.doc ?? null
    expect([view, key, before, after]).toEqual([view, key, await doc(position - 1), await doc(position)])
  }
}

async function opened(makeStore: MakeStore): Promise<Headwater> {
  const headwater = await openStore(ledger, await makeStore(), { onError: () => undefined })
  onTestFinished(() => headwater.close())
  return headwater
}

const plain = (amount: number, id = 'a'): Entry => {
  return { id, tenant: '', closes: false, amount, tag: 'x', day: 0 }
}

/** What main parked keeps waiting what the branch has behind it. */
const eventBehindAParkedOne = {
  before: [plain(13)],
  first: [],
  second: [{ kind: 'record', entry: plain(0) } as const],
  meanwhile: [],
}

describe.each(storesOf('debug-branch'))('a debugging session on a branch, with %s,', (name, makeStore) => {
  it('goes through what the branch has of its parents and its own, as amended there, and back', async () => {
    const histories = fc.record({
      before: fc.array(entry.map(own), { maxLength: 6 }),
      first: fc.array(act, { maxLength: 5 }),
      second: fc.array(act, { maxLength: 5 }),
      meanwhile: fc.array(entry.map(own), { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(histories, async ({ before, first, second, meanwhile }) => {
        const headwater = await openStore(ledger, await makeStore(), { onError: () => undefined })
        await record(headwater, before)
        await headwater.branches.create('first')
        await apply(headwater.branch('first'), first)
        await headwater.branches.create('second', { from: 'first' })
        const branch = headwater.branch('second')
        await apply(branch, second)
        await record(headwater, meanwhile)
        const { events } = await branch.readEvents({ limit: 100 })

        const session = await branch.debug()
        const forward = await all(() => session.step())
        expect(forward.map(({ event }) => event.id)).toEqual(events.map(({ id }) => id))
        for (const step of forward) await check(branch, step)
        const back = await all(() => session.back())
        expect(back).toEqual(forward.slice(0, -1).toReversed())
        await headwater.close()
      }),
      {
        numRuns: name === 'PostgreSQL' ? 3 : 12,
        examples: [[eventBehindAParkedOne]],
      },
    )
  }, 240_000)

  it('goes to what is on the branch alone: a stream, a position, a type, a state', async () => {
    const headwater = await opened(makeStore)
    await record(headwater, [plain(1), plain(2, 'b')])
    await headwater.branches.create('what-if', { at: 1 })
    const branch = headwater.branch('what-if')
    await record(branch, [plain(10), plain(20), { ...plain(0), closes: true }])

    const session = await branch.debug({ streams: ['account-a'] })
    expect(await session.place()).toEqual({ position: 0, head: 4 })
    expect((await session.runToType('Closed'))?.event.position).toBe(4)
    expect((await session.runTo(2))?.aggregate).toMatchObject({ after: { balance: 11 } })
    const rich = await session.runUntil({ path: 'balance', operator: 'gte', value: 31 })
    expect(rich?.event.position).toBe(3)
    await expect(branch.debug({ from: 5 })).rejects.toMatchObject({ code: 'time.not-yet' })
    const correlated = await branch.debug({ correlation: rich?.event.id ?? '' })
    expect((await correlated.step())?.event.position).toBe(3)
  })

  it('sees what is recorded on the branch while it stands there, and nothing of what main does', async () => {
    const headwater = await opened(makeStore)
    await record(headwater, [plain(1)])
    await headwater.branches.create('what-if')
    const branch = headwater.branch('what-if')
    const session = await branch.debug({ from: 1 })
    await record(headwater, [plain(100)])
    expect(await session.step()).toBeUndefined()
    await record(branch, [plain(7)])
    expect((await session.step())?.aggregate).toMatchObject({ before: { balance: 1 }, after: { balance: 8 } })
  })

  it('ends with the branch, also where another one has its name', async () => {
    const headwater = await opened(makeStore)
    await record(headwater, [plain(1)])
    await headwater.branches.create('what-if')
    const session = await headwater.branch('what-if').debug()
    await headwater.branch('what-if').drop()
    await expect(session.step()).rejects.toMatchObject({ code: 'branch.unknown' })
    await headwater.branches.create('what-if')
    await expect(session.step()).rejects.toMatchObject({ code: 'branch.unknown' })
  })

  it('goes on at its place where the branch was closed because many others were in use', async () => {
    const headwater = await opened(makeStore)
    await record(headwater, [plain(1), plain(2), plain(3)])
    await headwater.branches.create('what-if')
    const session = await headwater.branch('what-if').debug()
    await session.step()
    await session.step()
    for (let number = 0; number < 40; number++) {
      await headwater.branches.create(`other-${number}`)
      await headwater.branch(`other-${number}`).head()
    }
    expect((await session.step())?.event.position).toBe(3)
    expect((await session.back())?.event.position).toBe(2)
  }, 60_000)
})
