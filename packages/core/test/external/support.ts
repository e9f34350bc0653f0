import {
  aggregate,
  app,
  command,
  event,
  external,
  type ExternalDefinition,
  handler,
  type OutsideContext,
  reject,
  subscription,
} from '@headwater/core'
import { z } from 'zod'

const Pair = z.object({ from: z.string(), to: z.string() })
const Rate = z.object({ rate: z.number() })

export type RateRequest = z.output<typeof Pair>
type Definition = ExternalDefinition<typeof Pair, typeof Rate>

/** A world outside that can be told what to answer, and says what it was asked. */
export class Bureau {
  readonly asked: { readonly request: RateRequest; readonly key: string; readonly attempt: number }[] = []
  /** What it does when it is asked; default: it answers with the number of the call. */
  answer: (request: RateRequest, context: OutsideContext) => unknown = () => ({ rate: this.asked.length })

  get keys(): readonly string[] {
    return this.asked.map(({ key }) => key)
  }

  readonly call = (request: RateRequest, context: OutsideContext): Promise<{ rate: number }> => {
    this.asked.push({ request, key: context.idempotencyKey, attempt: context.attempt })
    return this.answer(request, context) as Promise<{ rate: number }>
  }
}

export const Converted = event('Converted', z.object({ amount: z.number(), rate: z.number() }))
export const Noted = event('Noted', z.object({ rate: z.number() }))
export const Convert = command(
  'Convert',
  z.object({ purseId: z.string(), amount: z.number(), to: z.string().default('USD') }),
)
export const Note = command('Note', z.object({ noteId: z.string() }))

/** A purse that converts by the rate of the day, and who notes what it was. */
export function exchange(bureau: Bureau, options: Partial<Definition> = {}) {
  const exchangeRate = external('exchange-rate', {
    request: Pair,
    answer: Rate,
    call: bureau.call,
    ...options,
  })
  const purse = aggregate('purse', {
    events: [Converted],
    commands: [Convert],
    initial: { converted: 0 },
    evolve: { Converted: ({ converted }, { data }) => ({ converted: converted + data.amount }) },
    decide: {
      Convert: ({ converted }, { amount, to }, { answer }) => {
        if (converted >= 1_000) return reject('enough')
        const { rate } = answer(exchangeRate({ from: 'EUR', to }))
        return Converted({ amount, rate })
      },
    },
  })
  const note = handler(Note, {
    stream: 'note',
    events: [Noted],
    handle: async (_data, { call, record }) => {
      const first = await call(exchangeRate({ from: 'EUR', to: 'USD' }))
      const second = await call(exchangeRate({ from: 'EUR', to: 'USD' }))
      record(Noted(first), Noted(second))
    },
  })
  const seen: number[] = []
  const watch = subscription('watch', {
    events: [Converted],
    handle: async (_event, { call }) => {
      const { rate } = await call(exchangeRate({ from: 'USD', to: 'EUR' }))
      seen.push(rate)
      return { rate }
    },
    retry: { attempts: 3, delay: 1 },
  })
  const parts = { aggregates: [purse], handlers: [note], externals: [exchangeRate] }
  return {
    exchangeRate,
    purse,
    note,
    watch,
    /** The rates that the subscription got. */
    seen,
    app: app({ name: 'exchange', ...parts }),
    watched: app({ name: 'exchange', ...parts, subscriptions: [watch] }),
  }
}
