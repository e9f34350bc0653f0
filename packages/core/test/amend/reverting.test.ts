import { aggregate, app, command, event, subscription } from '@headwater/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { running, until } from '../support/running.ts'

const Named = event('Named', z.object({ name: z.string() }))
const Paid = event('Paid', z.object({ amount: z.number() }))
const Refunded = event('Refunded', z.object({ amount: z.number() }))
const Closed = event('Closed', z.object({}))
const Rename = command('Rename', z.object({ accountId: z.string(), name: z.string() }))
const Pay = command('Pay', z.object({ accountId: z.string(), amount: z.number() }))
const Close = command('Close', z.object({ accountId: z.string() }))

/** What is paid here is mirrored, by a reaction, in the account `mirror`. */
const account = aggregate('account', {
  events: [Named, Paid, Refunded, Closed],
  commands: [Rename, Pay, Close],
  initial: { name: 'nobody', balance: 0, isClosed: false },
  evolve: {
    Named: (state, { data }) => ({ ...state, name: data.name }),
    Paid: (state, { data }) => ({ ...state, balance: state.balance + data.amount }),
    Refunded: (state, { data }) => ({ ...state, balance: state.balance - data.amount }),
    Closed: (state) => ({ ...state, isClosed: true }),
  },
  decide: {
    Rename: (_state, { name }) => Named({ name }),
    Pay: (_state, { amount }) => Paid({ amount }),
    Close: () => Closed({}),
  },
  reverse: {
    Named: (before) => Named({ name: before.name }),
    Paid: (_before, { data }) => Refunded({ amount: data.amount }),
    Refunded: (_before, { data }) => Paid({ amount: data.amount }),
  },
})
const mirror = subscription('mirror', {
  events: [Paid],
  handle: async ({ data, aggregateId }, { execute }) => {
    if (aggregateId !== 'mirror') await execute(Pay({ accountId: 'mirror', amount: data.amount }))
  },
})
const bank = app({ name: 'bank', aggregates: [account], subscriptions: [mirror] })
const why = 'it was not to be'

async function filled() {
  const headwater = await running(bank)
  await headwater.execute(Rename({ accountId: 'a', name: 'Ada' }))
  const { events, commandId } = await headwater.execute(Pay({ accountId: 'a', amount: 5 }))
  await headwater.execute(Rename({ accountId: 'a', name: 'Bob' }))
  await headwater.execute(Pay({ accountId: 'a', amount: 7 }))
  await until(async () => (await headwater.state(account, 'mirror')).revision === 2)
  const state = async (id: string) => (await headwater.state(account, id)).state
  return { headwater, state, commandId, paid: events[0]?.id ?? '' }
}

describe('a stream', () => {
  test('goes back to an event by further ones, the latest first', async () => {
    const { headwater, state } = await filled()
    const plan = await headwater.planReversal({ stream: 'account-a', to: 1 })
    expect(plan.events.map(({ type, revision }) => [type, revision])).toEqual([
      ['Paid', 4],
      ['Named', 3],
      ['Paid', 2],
    ])
    expect(await headwater.lastPosition()).toBe(plan.head)
    const { recorded } = await headwater.revert(plan, { why, actor: 'ada' })
    expect(recorded.map(({ type }) => type)).toEqual(['Refunded', 'Named', 'Refunded'])
    expect(await state('a')).toEqual({ name: 'Ada', balance: 0, isClosed: false })
    // Nothing is taken out of the log.
    expect((await headwater.readStream('account-a')).revision).toBe(7)
  })

  test('goes back once, however often the plan is applied', async () => {
    const { headwater, state } = await filled()
    const plan = await headwater.planReversal({ stream: 'account-a', to: 2 })
    const first = await headwater.revert(plan, { why })
    expect(await headwater.revert(plan, { why })).toEqual(first)
    expect(await state('a')).toEqual({ name: 'Ada', balance: 5, isClosed: false })
    // And forth, where what takes back can be taken back.
    await headwater.revert(await headwater.planReversal({ stream: 'account-a', to: 4 }), { why })
    expect(await state('a')).toEqual({ name: 'Bob', balance: 12, isClosed: false })
  })

  test('is left alone where it went on since the plan was made', async () => {
    const { headwater, state } = await filled()
    const plan = await headwater.planReversal({ stream: 'account-a', to: 1 })
    await headwater.execute(Pay({ accountId: 'a', amount: 1 }))
    await expect(headwater.revert(plan, { why })).rejects.toMatchObject({ code: 'revert.moved' })
    expect(await state('a')).toMatchObject({ name: 'Bob', balance: 13 })
  })

  test('does not take back what is omitted already', async () => {
    const { headwater, state, paid } = await filled()
    await headwater.ignore(paid, { why })
    const plan = await headwater.planReversal({ stream: 'account-a', to: 1 })
    expect(plan.events.map(({ type }) => type)).toEqual(['Paid', 'Named'])
    await headwater.revert(plan, { why })
    expect(await state('a')).toEqual({ name: 'Ada', balance: 0, isClosed: false })
  })

  test('says which types don’t know how they are taken back', async () => {
    const { headwater } = await filled()
    await headwater.execute(Close({ accountId: 'a' }))
    const plan = await headwater.planReversal({ stream: 'account-a', to: 1 })
    expect(plan.lacking).toEqual([{ type: 'Closed', stream: 'account', events: 1 }])
    await expect(headwater.revert(plan, { why })).rejects.toMatchObject({
      code: 'revert.lacking',
      details: { lacking: [{ type: 'Closed' }] },
    })
    expect(await headwater.lastPosition()).toBe(plan.head)
  })
})

describe('all that something caused', () => {
  test('is taken back in every stream: of a command its own events too', async () => {
    const { headwater, state, commandId } = await filled()
    const plan = await headwater.planReversal({ causedBy: commandId })
    expect(plan.events.map(({ stream }) => stream)).toEqual(['account-mirror', 'account-a'])
    await headwater.revert(plan, { why })
    expect([await state('a'), await state('mirror')]).toMatchObject([{ balance: 7 }, { balance: 7 }])
  })

  test('is taken back without the event itself', async () => {
    const { headwater, state, paid } = await filled()
    await headwater.revert(await headwater.planReversal({ causedBy: paid }), { why })
    expect([await state('a'), await state('mirror')]).toMatchObject([{ balance: 12 }, { balance: 7 }])
  })
})

test('the whole log goes back to a position', async () => {
  const { headwater, state } = await filled()
  await headwater.revert(await headwater.planReversal({ position: 1 }), { why })
  expect([await state('a'), await state('mirror')]).toMatchObject([
    { name: 'Ada', balance: 0 },
    { name: 'nobody', balance: 0 },
  ])
})
