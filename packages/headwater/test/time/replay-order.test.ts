import { aggregate, app, command, event, memoryStore, openStore, reject, subscription } from 'headwater'
import { expect, it } from 'vitest'
import { z } from 'zod'

const Sold = event('Sold', z.object({ tip: z.int() }))
const PaidIn = event('PaidIn', z.object({ amount: z.int() }))
const PaidOut = event('PaidOut', z.object({ amount: z.int() }))
const Sell = command('Sell', z.object({ tillId: z.string(), tip: z.int() }))
const PayIn = command('PayIn', z.object({ fundId: z.string(), amount: z.int() }))
const PayOut = command('PayOut', z.object({ fundId: z.string(), amount: z.int() }))

const till = aggregate('till', {
  events: [Sold],
  commands: [Sell],
  initial: {},
  evolve: { Sold: (state) => state },
  decide: { Sell: (_state, { tip }) => Sold({ tip }) },
})

const fund = aggregate('fund', {
  events: [PaidIn, PaidOut],
  commands: [PayIn, PayOut],
  initial: { balance: 0 },
  evolve: {
    PaidIn: ({ balance }, { data }) => ({ balance: balance + data.amount }),
    PaidOut: ({ balance }, { data }) => ({ balance: balance - data.amount }),
  },
  decide: {
    PayIn: (_state, { amount }) => PaidIn({ amount }),
    PayOut: ({ balance }, { amount }) => (balance < amount ? reject('too-little') : PaidOut({ amount })),
  },
})

const tips = subscription('tips', {
  events: [Sold],
  pure: true,
  handle: async ({ data }, { execute }) => {
    if (data.tip > 0) await execute(PayIn({ fundId: 'staff', amount: data.tip }))
  },
})

it('a command is decided on what a new reaction recorded before it, although nobody had amended its stream', async () => {
  const market = app({ name: 'market', aggregates: [till, fund], subscriptions: [tips] })
  const headwater = await openStore(market, memoryStore(), { onError: () => undefined })
  const sold = await headwater.execute(Sell({ tillId: 'a', tip: 0 }))
  await headwater.execute(PayOut({ fundId: 'staff', amount: 3 }), { id: 'early' })
  await headwater.processor('tips').waitFor(sold.position ?? 0)
  await headwater.branches.create('tipped')
  const branch = headwater.branch('tipped')
  await branch.correct(sold.events[0]?.id ?? '', Sold({ tip: 5 }), { why: 'there was a tip' })
  const { decisions } = await branch.replay({ mode: 'decisions' })
  const early = decisions?.outcomes.find(({ id }) => id === 'early')
  expect(early).toMatchObject({ before: { status: 'rejected' }, after: { status: 'accepted' } })
  expect(await branch.state(fund, 'staff')).toMatchObject({ state: { balance: 2 } })
  await headwater.close()
})
