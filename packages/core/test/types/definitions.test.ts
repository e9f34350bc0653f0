import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  aggregate,
  app,
  command,
  event,
  query,
  reject,
  subscription,
  view,
  type Aggregate,
  type App,
  type DecisionContext,
  type Fact,
  type HandlerContext,
  type Headwater,
  type QueryContext,
  type QueryResult,
  type RecordedEvent,
  type StateOf,
  type TransactionContext,
  type ViewItem,
  type ViewReader,
} from '@headwater/core'

const Incremented = event('Incremented', z.object({ by: z.number() }))
const Named = event('Named', z.object({ name: z.string() }))
const Increment = command('Increment', z.object({ counterId: z.string(), by: z.number().default(1) }))
const Rename = command('Rename', z.object({ counterId: z.string(), name: z.string() }))

interface State {
  value: number
  name?: string
}

const counter = aggregate('counter', {
  events: [Incremented, Named],
  commands: [Increment, Rename],
  initial: { value: 0 } as State,
  evolve: {
    Incremented: (state, e) => {
      expectTypeOf(state).toEqualTypeOf<State>()
      expectTypeOf(e).toEqualTypeOf<Fact<'Incremented', { by: number }>>()
      return { ...state, value: state.value + e.data.by }
    },
    Named: (state, e) => ({ ...state, name: e.data.name }),
  },
  decide: {
    Increment: (state, data, context) => {
      expectTypeOf(state).toEqualTypeOf<State>()
      expectTypeOf(data).toEqualTypeOf<{ counterId: string; by: number }>()
      expectTypeOf(context).toEqualTypeOf<DecisionContext>()
      if (data.by === 0) return undefined
      if (data.by > 100) return reject('too-high', { events: [Named({ name: 'greedy' })] })
      return data.by > 10
        ? [Incremented({ by: data.by }), Named({ name: 'big' })]
        : Incremented({ by: data.by })
    },
    Rename: (_state, data) => (data.name === '' ? reject('no-name') : [Named({ name: data.name })]),
  },
})

const totals = view('totals', {
  events: [Incremented, Named],
  key: (e) => {
    expectTypeOf(e).toEqualTypeOf<Fact<'Incremented', { by: number }> | Fact<'Named', { name: string }>>()
    return e.aggregateId
  },
  // Its parameter is annotated: the compiler looks at the folds before it knows what an unannotated function gives.
  initial: (key: string) => ({ total: key.length }),
  on: {
    Incremented: (doc, e, key) => {
      expectTypeOf(doc).toEqualTypeOf<{ total: number }>()
      expectTypeOf(e).toEqualTypeOf<Fact<'Incremented', { by: number }>>()
      expectTypeOf(key).toEqualTypeOf<string>()
      return { total: doc.total + e.data.by }
    },
    Named: () => null,
  },
})

type CodesOf<A> = A extends Aggregate<string, infer _S, infer _E, infer _C, infer Codes> ? Codes : never

describe('an aggregate', () => {
  test('knows what its commands may be rejected with', () => {
    expectTypeOf<CodesOf<typeof counter>>().toEqualTypeOf<'too-high' | 'no-name'>()
  })

  test('whose decisions are rejected with a code that is only known later may be rejected with any', () => {
    const code: string = 'later'
    const vague = aggregate('vague', {
      events: [Named],
      commands: [Increment],
      initial: {},
      id: 'counterId',
      evolve: { Named: (state) => state },
      decide: {
        Increment: (_state, { by }) =>
          by > 1 ? reject(code) : reject(code, { events: [Named({ name: 'x' })] }),
      },
    })
    expectTypeOf<CodesOf<typeof vague>>().toEqualTypeOf<string>()
  })

  test('keeps its name, its state and its messages', () => {
    expectTypeOf(counter.name).toEqualTypeOf<'counter'>()
    expectTypeOf(counter.initial).toEqualTypeOf<State>()
    expectTypeOf(counter.events).toEqualTypeOf<readonly (typeof Incremented | typeof Named)[]>()
    expectTypeOf(counter.commands).toEqualTypeOf<readonly (typeof Increment | typeof Rename)[]>()
  })

  test('has the state that is asked for by it', () => {
    const ask = (headwater: Headwater) => headwater.state(counter, 'a')
    expectTypeOf(ask).returns.toEqualTypeOf<Promise<StateOf<State>>>()
  })

  test('may take its id from another field', () => {
    const Open = command('Open', z.object({ account: z.string() }))
    const account = aggregate('account', {
      id: 'account',
      events: [Named],
      commands: [Open],
      initial: 0,
      evolve: { Named: (state) => state },
      decide: { Open: () => undefined },
    })
    expectTypeOf(account.name).toEqualTypeOf<'account'>()
  })

  test('may decide no commands', () => {
    const silent = aggregate('silent', {
      events: [Named],
      commands: [],
      initial: 0,
      evolve: { Named: (n) => n + 1 },
      decide: {},
    })
    expectTypeOf(silent.initial).toEqualTypeOf<number>()
  })
})

describe('a view', () => {
  test('has documents of one type, by the view itself', () => {
    const read = (headwater: Headwater) => headwater.view(totals)
    expectTypeOf(read).returns.toEqualTypeOf<ViewReader<{ total: number }>>()
    const get = (reader: ViewReader<{ total: number }>) => reader.get('a')
    expectTypeOf(get).returns.toEqualTypeOf<Promise<ViewItem<{ total: number }> | undefined>>()
  })

  test('has documents of unknown type, by its name', () => {
    const read = (headwater: Headwater) => headwater.view('totals')
    expectTypeOf(read).returns.toEqualTypeOf<ViewReader<unknown>>()
  })

  test('may have a document that is wider than its beginning', () => {
    const wide = view('wide', {
      events: [Named],
      initial: { names: [] as string[] },
      on: { Named: (doc, e) => ({ names: [...doc.names, e.data.name] }) },
    })
    expectTypeOf(wide.initial).returns.toEqualTypeOf<{ names: string[] }>()
  })
})

describe('a query', () => {
  const Input = z.object({ id: z.string(), limit: z.number().default(10) })
  const Typed = query('Typed', {
    input: Input,
    output: z.object({ at: z.string().transform((text) => new Date(text)) }),
    handle: ({ id, limit }, context) => {
      expectTypeOf(id).toBeString()
      expectTypeOf(limit).toBeNumber()
      expectTypeOf(context).toEqualTypeOf<QueryContext>()
      return { at: '2026-01-01' }
    },
  })
  const Inferred = query('Inferred', {
    input: Input,
    handle: async ({ id }) => (id === '' ? undefined : { id }),
  })
  const Bare = query('Bare', { handle: () => 1 })

  test('takes what its input takes', () => {
    expectTypeOf(Typed).parameters.toEqualTypeOf<[input: { id: string; limit?: number | undefined }]>()
    expectTypeOf(Typed({ id: 'a' }).input).toEqualTypeOf<{ id: string; limit: number }>()
    expectTypeOf(Bare).parameters.toEqualTypeOf<[input?: undefined]>()
  })

  test('gives what its output says, else what its handler gives', () => {
    expectTypeOf<QueryResult<typeof Typed>>().toEqualTypeOf<{ at: Date }>()
    expectTypeOf<QueryResult<typeof Inferred>>().toEqualTypeOf<{ id: string } | undefined>()
    expectTypeOf<QueryResult<typeof Bare>>().toEqualTypeOf<number>()
    const ask = (headwater: Headwater) => headwater.query(Inferred({ id: 'a' }))
    expectTypeOf(ask).returns.toEqualTypeOf<Promise<{ id: string } | undefined>>()
  })

  test('of any type goes into an app', () => {
    expectTypeOf(app({ name: 'a', queries: [Typed, Inferred, Bare] })).toEqualTypeOf<App>()
  })

  test('reads the documents and the state of what it asks for', () => {
    query('Reading', {
      handle: async (_: undefined, { view: viewOf, state, events }) => {
        expectTypeOf(await viewOf(totals).get('a')).toEqualTypeOf<ViewItem<{ total: number }> | undefined>()
        expectTypeOf(await state(counter, 'a')).toEqualTypeOf<StateOf<State>>()
        for await (const { data } of events({ types: [Incremented] }))
          expectTypeOf(data).toEqualTypeOf<{ by: number }>()
        for await (const { data } of events()) expectTypeOf(data).toBeUnknown()
      },
    })
  })
})

describe('a subscription', () => {
  test('gets recorded events and may send commands', () => {
    subscription('alert', {
      events: [Incremented, Named],
      handle: (e, context) => {
        expectTypeOf(e).toEqualTypeOf<
          RecordedEvent<'Incremented', { by: number }> | RecordedEvent<'Named', { name: string }>
        >()
        expectTypeOf(context).toEqualTypeOf<HandlerContext>()
      },
    })
  })

  test('gets facts and may append, in the transaction', () => {
    subscription('rule', {
      events: [Incremented],
      when: 'in-transaction',
      handle: (e, transaction) => {
        expectTypeOf(e).toEqualTypeOf<Fact<'Incremented', { by: number }>>()
        expectTypeOf(transaction).toEqualTypeOf<TransactionContext>()
      },
    })
  })

  test('orders by a key of the events that it gets', () => {
    subscription('ordered', {
      events: [Incremented],
      key: (e) => {
        expectTypeOf(e).toEqualTypeOf<RecordedEvent<'Incremented', { by: number }>>()
        return e.aggregateId
      },
      handle: () => undefined,
    })
  })
})

test('an app takes aggregates, views and subscriptions of any type', () => {
  const whole = app({
    name: 'counter',
    aggregates: [counter],
    views: [totals],
    subscriptions: [subscription('alert', { events: [Named], handle: () => undefined })],
  })
  expectTypeOf(whole).toEqualTypeOf<App>()
})
