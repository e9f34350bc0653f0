import { beforeAll, describe, expect, test } from 'vitest'
import { compile } from './compile.ts'

const shared = `
import { z } from 'zod'
import { aggregate, app, command, event, reject, subscription, view } from '@headwater/core'
export { like, spec } from '@headwater/core/spec'
export const Incremented = event('Incremented', z.object({ by: z.number() }))
export const Cleared = event('Cleared', z.object({ at: z.string() }))
export const Foreign = event('Foreign', z.object({ x: z.string() }))
export const Increment = command('Increment', z.object({ counterId: z.string(), by: z.number() }))
export const Steer = command('Steer', z.object({ shipId: z.string() }))
export const counter = aggregate('counter', {
  events: [Incremented, Cleared],
  commands: [Increment],
  initial: { value: 0 },
  evolve: { Incremented: (state, e) => ({ value: state.value + e.data.by }), Cleared: () => ({ value: 0 }) },
  decide: { Increment: (state, { by }) => (by > 9 ? reject('too-high') : by < 0 ? reject('too-low') : Incremented({ by })) },
})
export const totals = view('totals', {
  events: [Incremented],
  initial: { total: 0 },
  on: { Incremented: (doc, { data }) => ({ total: doc.total + data.by }) },
})
export const counters = app({ name: 'counters', aggregates: [counter], views: [totals] })
export const mail = subscription('mail', { events: [Incremented], handle: () => {} })
`

interface Mistake {
  readonly program: string
  readonly says: string
}

const when = `spec(counter).when(Increment({ counterId: 'a', by: 1 }))`

const mistakes: Readonly<Record<string, Mistake>> = {
  'an app of which nothing is expected': {
    program: `await spec(counters).when(Increment({ counterId: 'a', by: 1 }))`,
    says: 'must not contain a callable',
  },
  'a subscription of which nothing is expected': {
    program: `await spec(mail).when(Incremented({ by: 1 }))`,
    says: 'must not contain a callable',
  },
  'a given event of another aggregate': {
    program: `spec(counter).given(Incremented({ by: 1 }), Foreign({ x: 'a' }))`,
    says: `is not assignable to type '"Foreign is not one of this aggregate's events"'`,
  },
  'a given command of another aggregate': {
    program: `spec(counter).given(Steer({ shipId: 'a' }))`,
    says: `is not assignable to type '"Steer is not one of this aggregate's commands"'`,
  },
  'a command that the aggregate doesn’t decide': {
    program: `spec(counter).when(Steer({ shipId: 'a' }))`,
    says: `is not assignable to type '"Steer is not one of this aggregate's commands"'`,
  },
  'an expected event of another aggregate': {
    program: `${when}.then(Foreign({ x: 'a' }))`,
    says: `is not assignable to type '"Foreign is not one of this aggregate's events"'`,
  },
  'a described event of another aggregate': {
    program: `${when}.then(like(Foreign, { x: 'a' }))`,
    says: `is not assignable to type '"Foreign is not one of this aggregate's events"'`,
  },
  'a described event with a field that it has not': {
    program: `${when}.then(like(Incremented, { amount: 1 }))`,
    says: `'amount' does not exist in type`,
  },
  'a rejection that no decision gives': {
    program: `${when}.thenRejected('to-high')`,
    says: `is not assignable to parameter of type '"No decision of this aggregate rejects with to-high"'`,
  },
  'a rejection that records a foreign event': {
    program: `${when}.thenRejected('too-high', { events: [Foreign({ x: 'a' })] })`,
    says: `is not assignable to type '"Foreign is not one of this aggregate's events"'`,
  },
  'a state with a misspelt field': {
    program: `${when}.thenState({ valeu: 1 })`,
    says: `'valeu' does not exist in type`,
  },
  'a described state with a misspelt field': {
    program: `${when}.thenState(like({ valeu: 1 }))`,
    says: `'valeu' does not exist in type 'Part<`,
  },
  'a given event that the view doesn’t fold': {
    program: `spec(totals).given('counter-a', Incremented({ by: 1 }), Cleared({ at: 'now' }))`,
    says: `is not assignable to type '"Cleared is not one of this view's events"'`,
  },
  'an expected document with a field of another type': {
    program: `spec(totals).thenDocument('a', { total: 'one' })`,
    says: `Type 'string' is not assignable to type 'number'`,
  },
  'a described document with a misspelt field': {
    program: `spec(totals).then({ a: like({ totl: 1 }) })`,
    says: `'totl' does not exist in type 'Part<`,
  },
}

const correct: Readonly<Record<string, string>> = {
  'events and commands of the aggregate': `spec(counter).given(Incremented({ by: 1 }), Increment({ counterId: 'a', by: 1 })).when(Increment({ counterId: 'a', by: 1 })).then(Incremented({ by: 1 }))`,
  descriptions: `${when}.then(like(Incremented, { by: (by) => by > 0 }, { actor: 'ada' })).thenState(like({ value: (value) => value === 1 }))`,
  rejections: `${when}.thenRejected('too-high').thenRejected('too-low', { message: 'x' })`,
  'lists that are only known later': `const many = [1, 2].map((by) => Incremented({ by })); spec(counter).given(...many); ${when}.then(...many); spec(totals).given('a', ...many)`,
  documents: `spec(totals).given('counter-a', Incremented({ by: 1 })).then({ a: { total: 1 } }).thenSome({ a: like({ total: 1 }) })`,
}

const names = [...Object.keys(correct), ...Object.keys(mistakes)]
const fileOf = (name: string): string => `program-${names.indexOf(name)}`
const program = (source: string): string =>
  `import { Cleared, counter, counters, Foreign, Increment, Incremented, like, mail, spec, Steer, totals } from './shared.ts'\n${source}\n`

let messages: ReadonlyMap<string, readonly string[]>

beforeAll(async () => {
  const sources = [
    ...Object.entries(correct),
    ...Object.entries(mistakes).map(([name, mistake]) => [name, mistake.program] as const),
  ]
  const programs = Object.fromEntries(sources.map(([name, source]) => [fileOf(name), program(source)]))
  messages = await compile({ shared, ...programs })
})

describe('the compiler accepts in a specification', () => {
  test.each(Object.keys(correct))('%s', (name) => {
    expect(messages.get(fileOf(name))).toEqual([])
  })

  test('what all programs share', () => {
    expect(messages.get('shared')).toEqual([])
  })
})

describe('the compiler refuses in a specification, in words that name the mistake,', () => {
  test.each(Object.entries(mistakes))('%s', (name, { says }) => {
    const said = messages.get(fileOf(name)) ?? []
    expect(said.join('\n')).toContain(says)
    // A description that doesn't fit is told twice: for itself and for where it stands.
    expect(said).toHaveLength(says.includes("in type 'Part<") ? 2 : 1)
  })
})
