import { describe } from 'vitest'
import { judges, type Mistake } from './judge.ts'

/** What all programs share: it holds no mistake. */
const shared = `
import { z } from 'zod'
import { event, command } from '@headwater/core'
export * from '@headwater/core'
export const Incremented = event('Incremented', z.object({ by: z.number() }))
export const Cleared = event('Cleared', z.object({ at: z.string() }))
export const Foreign = event('Foreign', z.object({ x: z.string() }))
export const Increment = command('Increment', z.object({ counterId: z.string(), by: z.number().default(1) }))
export const Clear = command('Clear', z.object({ counterId: z.string() }))
export const Lost = command('Lost', z.object({ by: z.number() }))
export const Numbered = command('Numbered', z.object({ counterId: z.number() }))
`

const parts = {
  events: '[Incremented]',
  commands: '[Increment]',
  evolve: '{ Incremented: (state, e) => ({ value: state.value + e.data.by }) }',
  decide: '{ Increment: (state, data) => Incremented({ by: data.by }) }',
}

/** The counter with a part replaced. */
function counter(changed: Partial<typeof parts> = {}): string {
  const { events, commands, evolve, decide } = { ...parts, ...changed }
  return `aggregate('counter', { events: ${events}, commands: ${commands}, initial: { value: 0 }, evolve: ${evolve}, decide: ${decide} })`
}

const totals = (changed: { events?: string; on: string }): string =>
  `view('totals', { events: ${changed.events ?? '[Incremented]'}, initial: { total: 0 }, on: ${changed.on} })`

const mistakes: Readonly<Record<string, Mistake>> = {
  'a query that gives what its output is not': {
    program: `query('Q', { output: z.object({ n: z.number() }), handle: () => ({ n: 'one' }) })`,
    says: `Type 'string' is not assignable to type 'number'`,
  },
  'a query that reads a field which its input has not': {
    program: `query('Q', { input: z.object({ id: z.string() }), handle: ({ key }) => key })`,
    says: `Property 'key' does not exist on type '{ id: string; }'`,
  },
  'a query that wants to send a command': {
    program: `query('Q', { handle: (_, { execute }) => execute(Increment({ counterId: 'a' })) })`,
    says: `Property 'execute' does not exist on type 'QueryContext'`,
  },
  'a query that reads for another tenant': {
    program: `query('Q', { handle: (_, { view }) => view('totals').list({ tenant: 'other' }) })`,
    says: `'tenant' does not exist in type 'Listing'`,
  },
  'a query of wrong input': {
    program: `const Q = query('Q', { input: z.object({ id: z.string() }), handle: ({ id }) => id }); Q({ id: 1 })`,
    says: `Type 'number' is not assignable to type 'string'`,
  },
  'a query without the input that it takes': {
    program: `const Q = query('Q', { input: z.object({ id: z.string() }), handle: ({ id }) => id }); Q()`,
    says: 'Expected 1 arguments, but got 0',
  },
  'a command that is asked': {
    program: `export const f = (headwater: Headwater) => headwater.query(Increment({ counterId: 'a' }))`,
    says: `Property 'input' is missing in type 'CommandMessage<"Increment"`,
  },
  'a missing reducer': {
    program: counter({ events: '[Incremented, Cleared]' }),
    says: /^ {2}Property 'Cleared' is missing in type '\{ Incremented: .*\}' but required in type 'Evolve</m,
  },
  'a reducer for a foreign event': {
    program: counter({ evolve: '{ Incremented: (state, e) => state, Cleared: () => ({ value: 0 }) }' }),
    says: `is not assignable to type '"Cleared is not one of this aggregate's events"'`,
  },
  'a reducer that gives another state': {
    program: counter({ evolve: '{ Incremented: (state, e) => ({ value: String(state.value) }) }' }),
    says: `Type 'string' is not assignable to type 'number'`,
  },
  'a reducer that reads a field which the event has not': {
    program: counter({ evolve: '{ Incremented: (state, e) => ({ value: e.data.amount }) }' }),
    says: `Property 'amount' does not exist on type '{ by: number; }'`,
  },
  'a reducer that reads where the log put the event': {
    program: counter({ evolve: '{ Incremented: (state, e) => ({ value: e.position }) }' }),
    says: `Property 'position' does not exist on type 'Fact<"Incremented", { by: number; }>'`,
  },
  'a missing decision': {
    program: counter({ commands: '[Increment, Clear]' }),
    says: /^ {2}Property 'Clear' is missing in type '\{ Increment: .*\}' but required in type 'Decide</m,
  },
  'a decision for a foreign command': {
    program: counter({ decide: '{ Increment: () => undefined, Clear: () => undefined }' }),
    says: `is not assignable to type '"Clear is not one of this aggregate's commands"'`,
  },
  'a decision that returns a foreign event': {
    program: counter({ decide: `{ Increment: () => Foreign({ x: 'a' }) }` }),
    says: `Type '"Foreign"' is not assignable to type '"Incremented"'`,
  },
  'a decision that returns a foreign event among others': {
    program: counter({ decide: `{ Increment: () => [Incremented({ by: 1 }), Foreign({ x: 'a' })] }` }),
    says: `Type '"Foreign"' is not assignable to type '"Incremented"'`,
  },
  'a rejection that records a foreign event': {
    program: counter({ decide: `{ Increment: () => reject('no', { events: [Foreign({ x: 'a' })] }) }` }),
    says: /'"Foreign"' is not assignable to type '"Incremented"'|'NewEvent<"Foreign", .*>' is not assignable to type 'NewEvent<"Incremented"/,
  },
  'a decision that reads a field which the command has not': {
    program: counter({ decide: '{ Increment: (state, data) => Incremented({ by: data.amount }) }' }),
    says: `Property 'amount' does not exist on type '{ counterId: string; by: number; }'`,
  },
  'a decision that makes an event of wrong data': {
    program: counter({ decide: `{ Increment: (state, data) => Incremented({ by: 'one' }) }` }),
    says: `Type 'string' is not assignable to type 'number'`,
  },
  'a decision that waits for something': {
    program: counter({ decide: '{ Increment: async () => Incremented({ by: 1 }) }' }),
    says: /^TS2322: Type 'Promise<NewEvent<"Incremented", \{ by: number; \}>>' is not assignable to type/,
  },
  'a command without the id of its aggregate': {
    program: counter({ commands: '[Lost]', decide: '{ Lost: () => undefined }' }),
    says: `is not assignable to type '"The data of command Lost has no field \\"counterId\\" of type string"'`,
  },
  'a command whose id is no text': {
    program: counter({ commands: '[Numbered]', decide: '{ Numbered: () => undefined }' }),
    says: `is not assignable to type '"The data of command Numbered has no field \\"counterId\\" of type string"'`,
  },
  'an event of wrong data': {
    program: `Incremented({ by: 'one' })`,
    says: `TS2322: Type 'string' is not assignable to type 'number'.`,
  },
  'an event without data': {
    program: `Incremented({})`,
    says: `Property 'by' is missing in type '{}' but required in type '{ by: number; }'`,
  },
  'a command of wrong data': {
    program: `Increment({ counterId: 1 })`,
    says: `TS2322: Type 'number' is not assignable to type 'string'.`,
  },
  'a change to an event': {
    program: `Incremented({ by: 1 }).data = { by: 2 }`,
    says: `Cannot assign to 'data' because it is a read-only property`,
  },
  'a missing fold': {
    program: totals({
      events: '[Incremented, Cleared]',
      on: '{ Incremented: (doc, e) => ({ total: doc.total + e.data.by }) }',
    }),
    says: /^ {2}Property 'Cleared' is missing in type '\{ Incremented: .*\}' but required in type 'Folds</m,
  },
  'a fold of a foreign event': {
    program: totals({ on: '{ Incremented: (doc, e) => doc, Cleared: () => null }' }),
    says: `is not assignable to type '"Cleared is not one of this view's events"'`,
  },
  'a fold that gives another document': {
    program: totals({ on: '{ Incremented: (doc, e) => ({ total: String(e.data.by) }) }' }),
    says: `Type 'string' is not assignable to type 'number'`,
  },
  'a fold that reads a field which the document has not': {
    program: totals({ on: '{ Incremented: (doc, e) => ({ total: doc.sum }) }' }),
    says: `Property 'sum' does not exist on type '{ total: number; }'`,
  },
  'a fold that reads where the log put the event': {
    program: totals({ on: '{ Incremented: (doc, e) => ({ total: e.position }) }' }),
    says: `Property 'position' does not exist on type 'Fact<"Incremented", { by: number; }>'`,
  },
  'a document that is read as another': {
    program: `const view1 = ${totals({ on: '{ Incremented: (doc) => doc }' })}
export const read = async (headwater: Headwater) => (await headwater.view(view1).get('a'))?.doc.sum`,
    says: `Property 'sum' does not exist on type '{ total: number; }'`,
  },
  'a subscription that reads a field which the event has not': {
    program: `subscription('s', { events: [Incremented], handle: (e) => console.log(e.data.amount) })`,
    says: `Property 'amount' does not exist on type '{ by: number; }'`,
  },
  'a subscription that sends commands in the append’s transaction': {
    program: `subscription('s', { events: [Incremented], when: 'in-transaction', handle: (e, { execute }) => execute })`,
    says: `Property 'execute' does not exist on type 'TransactionContext'`,
  },
  'a subscription at a time that there is not': {
    program: `subscription('s', { events: [Incremented], when: 'sometimes', handle: () => undefined })`,
    says: `Type '"sometimes"' is not assignable to type`,
  },
}

const correct: Readonly<Record<string, string>> = {
  'the counter': counter(),
  'a view': totals({ on: '{ Incremented: (doc, e) => ({ total: doc.total + e.data.by }) }' }),
  'an aggregate with two events and two commands': counter({
    events: '[Incremented, Cleared]',
    commands: '[Increment, Clear]',
    evolve:
      '{ Incremented: (state, e) => ({ value: state.value + e.data.by }), Cleared: () => ({ value: 0 }) }',
    decide: `{ Increment: (state, data) => data.by > 9 ? reject('too-high') : [Incremented(data), Cleared({ at: 'now' })], Clear: (state) => state.value === 0 ? undefined : Cleared({ at: 'now' }) }`,
  }),
}

describe('the compiler', () => {
  judges({
    shared,
    // A program names everything that there is to name: what it doesn't use is no error.
    preamble: `import { z } from 'zod'
import { aggregate, view, query, subscription, reject, Incremented, Cleared, Foreign, Increment, Clear, Lost, Numbered } from './shared.ts'
import type { Headwater } from './shared.ts'
`,
    correct,
    mistakes,
  })
})
