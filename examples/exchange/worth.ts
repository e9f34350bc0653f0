import { query } from 'headwater'
import { z } from 'zod'
import { Currency, dollarRate } from './externals.ts'
import { purse } from './purse.ts'

/** A question whose answer depends on when it is asked. */
export const Worth = query('Worth', {
  description: 'What the dollars of a purse would be in a currency now',
  input: z.object({ purseId: z.string(), in: Currency }),
  output: z.object({ amount: z.number(), rate: z.number() }),
  handle: async ({ purseId, in: currency }, { call, state }) => {
    const { dollars } = (await state(purse, purseId)).state
    const { rate } = await call(dollarRate({ of: currency }))
    return { amount: Math.round((dollars / rate) * 100) / 100, rate }
  },
})
