import { app, type DebugSession, type DebugStep, type Headwater, openStore, subscription } from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { account, byTag, type Entry, entry, eventOf, Posted, views } from '../support/ledger.ts'
import { type MakeStore, storesOf } from '../support/stores.ts'

/** How often something reacted. */
let reactions = 0
const ledger = app({
  name: 'ledger',
  aggregates: [account],
  views,
  subscriptions: [
    subscription('mail', { events: [Posted], handle: () => void (reactions += 1) }),
    subscription('check', { events: [Posted], when: 'after-commit', handle: () => void (reactions += 1) }),
  ],
})

async function recorded(makeStore: MakeStore, entries: readonly Entry[]): Promise<Headwater> {
  const headwater = await openStore(ledger, await makeStore(), { onError: () => undefined })
  for (const one of entries)
    await headwater.append(`account-${one.id}`, [eventOf(one)], { tenant: one.tenant })
  return headwater
}

const plain = (amount: number, tag = 'x', id = 'a'): Entry => {
  return { id, tenant: '', closes: false, amount, tag, day: 0 }
}

async function all(next: () => Promise<DebugStep | undefined>): Promise<readonly DebugStep[]> {
  const steps: DebugStep[] = []
  for (let step = await next(); step !== undefined; step = await next()) steps.push(step)
  return steps
}

const positionsOf = (steps: readonly DebugStep[]) => steps.map(({ event }) => event.position)

/** What a step says has to be what reads as of the positions beside it say. */
async function check(headwater: Headwater, { event, aggregate, documents }: DebugStep): Promise<void> {
  const { tenant, position, aggregateId } = event
  const state = async (at: number) => (await headwater.state(account, aggregateId, { tenant, at })).state
  expect(aggregate).toMatchObject({ before: await state(position - 1), after: await state(position) })
  for (const { view, key, before, after, changed } of documents) {
    const doc = async (at: number) => (await headwater.view(view).get(key, { tenant, at }))?.doc ?? null
    expect([before, after]).toEqual([await doc(position - 1), await doc(position)])
    expect(changed.length > 0).toBe(JSON.stringify(before) !== JSON.stringify(after))
  }
}

describe.each(storesOf('debug'))('a debugging session, with %s,', (name, makeStore) => {
  it('goes through every event of a tenant and back, and shows at each what it changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 14 }), async (entries) => {
        const headwater = await recorded(makeStore, entries)
        for (const tenant of ['', 'acme']) {
          const session = await headwater.debug({ tenant })
          const forward = await all(() => session.step())
          const own = entries.flatMap((one, index) => (one.tenant === tenant ? [index + 1] : []))
          expect(positionsOf(forward)).toEqual(own)
          for (const step of forward) await check(headwater, step)
          expect(await session.current()).toEqual(forward.at(-1))
          const back = await all(() => session.back())
          expect(back).toEqual(forward.slice(0, -1).toReversed())
          expect(session.position).toBe(0)
        }
        await headwater.close()
      }),
      { numRuns: name === 'PostgreSQL' ? 3 : 8 },
    )
  })

  it('runs to a position, to the next event of a type, and until a condition on the state holds', async () => {
    const entries = [1, 2, 3, 4, 5, 6].map((amount) => plain(amount))
    const headwater = await recorded(makeStore, [
      ...entries,
      { ...plain(0), closes: true },
      plain(7),
      plain(8, 'y', 'b'),
    ])
    onTestFinished(() => headwater.close())
    const session = await headwater.debug()
    const at = async (step: Promise<DebugStep | undefined>) => (await step)?.event.position
    expect(await at(session.runTo(4))).toBe(4)
    expect(await at(session.runToType('Closed'))).toBe(7)
    expect(await at(session.runToType('Closed'))).toBeUndefined()
    expect(session.position).toBe(7)
    expect(await at(session.runToType('Posted', { direction: 'back' }))).toBe(6)
    expect(await at(session.runTo(0))).toBeUndefined()
    const rich = { path: 'balance', operator: 'gte', value: 10 } as const
    expect(await at(session.runUntil(rich))).toBe(4)
    expect(await at(session.runUntil({ ...rich, value: 21 }))).toBe(6)
    expect(await at(session.runUntil({ ...rich, stream: 'account-b' }))).toBeUndefined()
    expect(await at(session.runUntil((event) => event.stream === 'account-b'))).toBe(9)
    expect(
      await at(session.runUntil({ path: 'balance', operator: 'lt', value: 2 }, { direction: 'back' })),
    ).toBe(7)
    await expect(session.runTo(10)).rejects.toMatchObject({ code: 'time.not-yet' })
    expect(await session.place()).toEqual({ position: 7, head: 9 })
  })

  it('goes through streams, types or a correlation, wherever it begins', async () => {
    const headwater = await recorded(makeStore, [
      plain(1),
      plain(2, 'x', 'b'),
      { ...plain(0), closes: true },
      plain(3, 'x', 'c'),
      plain(4),
    ])
    onTestFinished(() => headwater.close())
    const seen = async (session: DebugSession) => positionsOf(await all(() => session.step()))
    expect(await seen(await headwater.debug({ streams: ['account-a'] }))).toEqual([1, 3, 5])
    expect(
      await seen(await headwater.debug({ streams: ['account-a', 'account-b'], types: ['Posted'] })),
    ).toEqual([1, 2, 5])
    expect(await seen(await headwater.debug({ types: ['Closed'] }))).toEqual([3])
    expect(await seen(await headwater.debug({ from: 3 }))).toEqual([4, 5])
    const { events } = await headwater.readEvents({ after: 1, limit: 1 })
    expect(await seen(await headwater.debug({ correlation: events[0]?.id ?? '' }))).toEqual([2])
    const back = await headwater.debug({ streams: ['account-c', 'account-a'], from: 5 })
    expect(positionsOf(await all(() => back.back()))).toEqual([4, 3, 1])
    await expect(headwater.debug({ correlation: 'nothing' })).rejects.toMatchObject({
      code: 'event.not-found',
    })
    await expect(headwater.debug({ from: 6 })).rejects.toMatchObject({ code: 'time.not-yet' })
    await expect(headwater.debug({ streams: [] })).rejects.toMatchObject({ code: 'debug.invalid' })
  })

  it('holds side effects back, and says which', async () => {
    const headwater = await recorded(makeStore, [plain(1), plain(2)])
    onTestFinished(() => headwater.close())
    await headwater.processor('mail').waitFor(2, { timeLimit: 60_000 })
    await headwater.view(byTag).get('x', { waitFor: 2, timeLimit: 60_000 })
    const before = { reactions, head: await headwater.head() }
    const session = await headwater.debug()
    const step = await session.step()
    expect(step?.heldBack).toEqual([
      { subscription: 'mail', when: 'async' },
      { subscription: 'check', when: 'after-commit' },
    ])
    await session.step()
    await session.back()
    expect({ reactions, head: await headwater.head() }).toEqual(before)
  })
})
