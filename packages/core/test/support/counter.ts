import { aggregate, command, event, reject } from '@headwater/core'
import { z } from 'zod'

export const Incremented = event('Incremented', z.object({ by: z.number().int() }))
export const LimitReached = event('LimitReached', z.object({ at: z.number() }))
export const Increment = command(
  'Increment',
  z.object({ counterId: z.string(), by: z.number().int().default(1) }),
)
export const Touch = command('Touch', z.object({ counterId: z.string() }))

export const limit = 1_000

interface State {
  readonly value: number
}

/** A counter up to 1,000, decided in the given way under contention. */
export function counterWith(concurrency: 'optimistic' | 'queue' | 'lock') {
  return aggregate('counter', {
    events: [Incremented, LimitReached],
    commands: [Increment, Touch],
    initial: { value: 0 } as State,
    evolve: {
      Incremented: (state, { data }) => ({ value: state.value + data.by }),
      LimitReached: (state) => state,
    },
    decide: {
      Increment: (state, { by }) =>
        state.value + by > limit
          ? reject('limit-reached', {
              message: 'The counter is full',
              data: { limit },
              events: [LimitReached({ at: state.value })],
            })
          : Incremented({ by }),
      Touch: () => undefined,
    },
    concurrency,
  })
}

export const counter = counterWith('optimistic')
