import { aggregate, app, command, event } from '@headwater/core'
import { z } from 'zod'

const Added = event('Added', z.object({ by: z.number() }))
const Add = command('Add', z.object({ sumId: z.string(), by: z.number() }))
const weight = Number(process.env['SUMS_WEIGHT'] ?? 1)

/** Its fold calls for a weight that the environment gives: a change of code that nobody notices. */
const sum = aggregate('sum', {
  events: [Added],
  commands: [Add],
  initial: { sum: 0 },
  evolve: { Added: (state, { data }) => ({ sum: state.sum + weight * data.by }) },
  decide: { Add: (_state, { by }) => Added({ by }) },
  snapshots: { at: '03:00' },
})

export default app({ name: 'sums', aggregates: [sum] })
