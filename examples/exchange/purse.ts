import { aggregate, command, event, reject } from 'headwater'
import { z } from 'zod'
import { Currency, dollarRate } from './externals.ts'

export const Exchanged = event(
  'Exchanged',
  z.object({ of: Currency, amount: z.number(), rate: z.number(), dollars: z.number() }),
  { description: 'With the rate that it was done by: that stands, whatever the bank says later' },
)
export const Exchange = command(
  'Exchange',
  z.object({
    purseId: z.string(),
    of: Currency,
    amount: z.number().positive(),
    atLeast: z.number().optional(),
  }),
  { description: 'Buys dollars, unless the rate is lower than one wants' },
)

export const purse = aggregate('purse', {
  events: [Exchanged],
  commands: [Exchange],
  initial: { dollars: 0 },
  evolve: { Exchanged: ({ dollars }, { data }) => ({ dollars: dollars + data.dollars }) },
  decide: {
    Exchange: (_purse, { of, amount, atLeast = 0 }, { answer }) => {
      const { rate } = answer(dollarRate({ of }))
      if (rate < atLeast) return reject('rate-too-low', { data: { rate } })
      return Exchanged({ of, amount, rate, dollars: Math.round(amount * rate * 100) / 100 })
    },
  },
})
