import { external } from 'headwater'
import { z } from 'zod'
import { bank } from './bank.ts'

export const Currency = z.enum(['EUR', 'GBP', 'CHF'])

/** What a currency is worth in dollars now. */
export const dollarRate = external('dollar-rate', {
  description: 'The rate of the moment, from the bank',
  request: z.object({ of: Currency }),
  answer: z.object({ rate: z.number().positive() }),
  call: async ({ of }) => ({ rate: bank.rate(of) }),
  timeLimit: 2_000,
  retries: 2,
})

/** Has the bank move the money: the key keeps it from doing so twice. */
export const booking = external('booking', {
  description: 'Moves the money at the bank',
  request: z.object({ of: Currency, amount: z.number().positive() }),
  answer: z.object({ booking: z.string() }),
  call: async ({ of, amount }, { idempotencyKey }) => bank.book(idempotencyKey, of, amount),
})
