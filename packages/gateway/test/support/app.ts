import {
  aggregate,
  app,
  command,
  context,
  event,
  external,
  query,
  reject,
  rule,
  subscription,
  view,
} from '@headwater/core'
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

export const Increment = command(
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

export const counter = aggregate('counter', {
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
  snapshots: { every: 500 },
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
  search: ['name'],
  schema: z.object({ name: z.string(), total: z.number(), big: z.boolean(), half: z.number().nullable() }),
})

const GetTotal = query('GetTotal', {
  description: 'What a counter has come to.',
  input: z.object({
    counterId: z.string().min(1),
    times: z.int().default(1),
    round: z.boolean().optional(),
    tag: z.array(z.string()).optional(),
    at: z.object({ day: z.int() }).optional(),
  }),
  output: z
    .object({ total: z.number(), tag: z.array(z.string()), actor: z.string().nullable(), tenant: z.string() })
    .optional(),
  handle: async ({ counterId, times, tag = [] }, { view: viewOf, actor, tenant }) => {
    const item = await viewOf(totals).get(counterId)
    return item && { total: item.doc.total * times, tag, actor, tenant }
  },
})
const lookup = external('lookup', {
  description: 'Looks things up.',
  request: z.object({ text: z.string() }),
  answer: z.object({ found: z.string() }),
  call: ({ text }) => {
    if (text === 'silent') throw new Error('secret of the outside')
    return { found: text.repeat(text === 'long' ? 2_000 : 1) }
  },
})
const LookUp = query('LookUp', {
  input: z.object({ text: z.string() }),
  handle: ({ text }, { call }) => call(lookup({ text })),
})
const GetSecret = query('GetSecret', {
  authorize: (actor) => actor === 'root' || 'Only root knows',
  handle: () => 42,
})
const Broken = query('Broken', {
  input: z.object({ how: z.enum(['throws', 'hangs', 'lies', 'changes']), waitFor: z.string().optional() }),
  output: z.int(),
  timeLimit: 50,
  handle: ({ how }) => {
    if (how === 'throws') throw new Error('secret of the query')
    return how === 'hangs' ? new Promise<number>(() => undefined) : 0.5
  },
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

const step = rule('step', [{ value: 1 }, { from: '2018-02-01', value: 2 }])

/** Counters up to 100, with an alarm for big steps. */
export const counters = app({
  name: 'counters',
  contexts: [
    context('counting', {
      aggregates: [counter],
      views: [totals, inline],
      rules: [step],
      externals: [lookup],
      queries: [GetTotal, GetSecret, Broken, LookUp],
      description: 'All that counts.',
    }),
    context('alarms', { aggregates: [alarm], subscriptions: [big] }),
  ],
})
