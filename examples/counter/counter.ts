import { aggregate, app, command, event, reject, view } from 'headwater'
import { z } from 'zod'

// A fact, in the past tense, and a wish, in the imperative.
const Incremented = event('Incremented', z.object({ by: z.int() }))
const Increment = command('Increment', z.object({ counterId: z.string(), by: z.int().default(1) }))

// Commands are decided on the state; the state is a fold of the facts.
const counter = aggregate('counter', {
  events: [Incremented],
  commands: [Increment],
  initial: { value: 0 },
  evolve: {
    Incremented: (state, { data }) => ({ value: state.value + data.by }),
  },
  decide: {
    Increment: (state, { by }) =>
      state.value + by > 100
        ? reject('too-high', { message: `${state.value} + ${by} is more than 100` })
        : Incremented({ by }),
  },
})

// So is everything that is read.
const totals = view('totals', {
  events: [Incremented],
  initial: { total: 0, times: 0 },
  on: {
    Incremented: (doc, { data }) => ({ total: doc.total + data.by, times: doc.times + 1 }),
  },
})

export { counter, Increment, Incremented, totals }
export default app({ name: 'counter', aggregates: [counter], views: [totals] })
