import { aggregate, app, command, context, event, reject, subscription, view } from '@headwater/core'
import { z } from 'zod'

export const Incremented = event('Incremented', z.object({ by: z.number().int() }), {
  description: 'It rose.',
})
export const Noted = event('Noted', z.object({ note: z.json() }))
export const Overflowed = event('Overflowed', z.object({ by: z.number() }), { visibility: 'public' })

const Part = z.object({
  name: z.string(),
  get parts() {
    return z.array(Part).optional()
  },
})

const Increment = command(
  'Increment',
  z.object({ counterId: z.string().min(1).max(100), by: z.number().int().default(1) }),
  { description: 'Raises a counter, to 100 at most.' },
)
const Note = command('Note', z.object({ counterId: z.string(), note: z.json() }))
const Reset = command('Reset', z.object({ counterId: z.string() }), {
  authorize: (actor) => actor === 'root' || 'Only root resets counters',
})
const Explode = command('Explode', z.object({ counterId: z.string() }))
const Assemble = command(
  'Assemble',
  z.object({
    counterId: z.string(),
    lines: z.array(z.object({ 'a/b~c': z.number().positive() })),
    tree: Part.optional(),
  }),
)
const Overflow = command('Overflow', z.object({ counterId: z.string(), by: z.number() }))

interface Counter {
  readonly value: number
  readonly notes: number
}

const initial: Counter = { value: 0, notes: 0 }

const counter = aggregate('counter', {
  description: 'Counts to a hundred.',
  events: [Incremented, Noted],
  commands: [Increment, Note, Reset, Explode, Assemble],
  initial,
  evolve: {
    Incremented: (state, { data }) => ({ ...state, value: state.value + data.by }),
    Noted: (state) => ({ ...state, notes: state.notes + 1 }),
  },
  decide: {
    Increment: (state, { by }) => {
      if (by === 0) return undefined
      return state.value + by > 100
        ? reject('too-high', { message: 'A counter ends at 100.', data: { value: state.value, by } })
        : Incremented({ by })
    },
    Note: (_state, { note }) => Noted({ note }),
    Reset: (state) => Incremented({ by: -state.value }),
    Explode: () => {
      throw new Error('secret of the decision')
    },
    Assemble: () => [Incremented({ by: 1 }), Incremented({ by: 2 })],
  },
})

const alarm = aggregate('alarm', {
  events: [Overflowed],
  commands: [Overflow],
  initial: { count: 0 },
  evolve: { Overflowed: (state) => ({ count: state.count + 1 }) },
  decide: { Overflow: (_state, { by }) => Overflowed({ by }) },
  id: 'counterId',
})

const totals = view('totals', {
  description: 'What each counter has come to.',
  events: [Incremented],
  initial: (key: string) => ({ name: key, total: 0, big: false, half: null as number | null }),
  on: {
    Incremented: (document, { data }) => {
      const total = document.total + data.by
      return { ...document, total, big: total > 50, half: total % 2 === 0 ? total / 2 : null }
    },
  },
  indexes: ['total'],
  schema: z.object({ name: z.string(), total: z.number(), big: z.boolean(), half: z.number().nullable() }),
})

const inline = view('inline-totals', {
  events: [Incremented],
  initial: { total: 0 },
  on: { Incremented: (document, { data }) => ({ total: document.total + data.by }) },
  lifecycle: 'inline',
})

const big = subscription('alert', {
  events: [Incremented],
  handle: async ({ data, aggregateId }, { execute }) => {
    if (data.by >= 50) await execute(Overflow({ counterId: aggregateId, by: data.by }))
  },
})

/** Counters up to 100, with an alarm for big steps. */
export const counters = app({
  name: 'counters',
  contexts: [
    context('counting', { aggregates: [counter], views: [totals, inline], description: 'All that counts.' }),
    context('alarms', { aggregates: [alarm], subscriptions: [big] }),
  ],
})
