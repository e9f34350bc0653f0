import { describe } from 'vitest'
import { judges, type Mistake } from './judge.ts'

const shared = `
import { z } from 'zod'
import { event, command } from '@headwater/core'
export * from '@headwater/core'
export const Opened = event('Opened', z.object({ by: z.string() }))
export const Closed = event('Closed', z.object({}))
export const Foreign = event('Foreign', z.object({ x: z.string() }))
export const Open = command('Open', z.object({ doorId: z.string(), by: z.string() }))
export const Close = command('Close', z.object({ doorId: z.string() }))
export const Lost = command('Lost', z.object({ by: z.string() }))
`

const parts = {
  commands: '[Open, Close]',
  evolve: '{ Opened: (context, { data }) => ({ ...context, by: data.by }) }',
  initial: `'shut'`,
  open: `{ raises: 'Opened', decide: (context, { by }) => context.by === by ? reject('you-again') : Opened({ by }) }`,
  close: `'Closed'`,
  opened: `'open.wide'`,
  closed: `[{ guard: (context, { data, type }) => context.by === '', target: 'shut' }, { target: 'open.ajar' }]`,
  inner: `'ajar'`,
  more: '',
}

/** The door with a part replaced. */
function door(changed: Partial<typeof parts> = {}): string {
  const { commands, evolve, initial, open, close, opened, closed, inner, more } = { ...parts, ...changed }
  return `const door = machine('door', {
  events: [Opened, Closed],
  commands: ${commands},
  context: { by: '' },
  evolve: ${evolve},
  initial: ${initial},
  states: {
    shut: { commands: { Open: ${open} }, on: { Opened: ${opened} } },
    open: {
      commands: { Close: ${close} },
      on: { Closed: ${closed} },
      initial: ${inner},
      states: { ajar: {}, wide: {} },
    },
    ${more}
  },
})
`
}

const mistakes: Readonly<Record<string, Mistake>> = {
  'an initial state that is not there': {
    program: door({ initial: `'shot'` }),
    says: /Type '"shot"' is not assignable to type '"(shut|open)" \| "(shut|open)"'/,
  },
  'an initial state in a state that is not there': {
    program: door({ inner: `'shut'` }),
    says: `NoSuchState<"shut">`,
  },
  'a target that is not there': {
    program: door({ opened: `'wide'` }),
    says: `NoSuchState<"wide">`,
  },
  'a target among several that is not there': {
    program: door({ closed: `[{ guard: () => true, target: 'shut' }, { target: 'gone' }]` }),
    says: `NoSuchState<"gone">`,
  },
  'a state for an event that the machine has not': {
    program: door({ more: `other: { on: { Foreign: 'shut' } }` }),
    says: /'Foreign' does not exist in type|"Foreign is not one of this aggregate's events"/,
  },
  'a state for a command that the machine has not': {
    program: door({ more: `other: { commands: { Lost: 'Closed' } }` }),
    says: /'Lost' does not exist in type|"Lost is not one of this aggregate's commands"/,
  },
  'a part that states do not have': {
    program: door({ more: 'other: { entry: 1 }' }),
    says: /'entry' does not exist in type|"A state has no entry"/,
  },
  'a command that raises an event which the machine has not': {
    program: door({ close: `'Foreign'` }),
    says: `Type '"Foreign"' is not assignable to type`,
  },
  'a command that raises an event of which it has not the data': {
    program: door({ close: `'Opened'` }),
    says: `Type '"Opened"' is not assignable to type`,
  },
  'a command that decides another event than it raises': {
    program: door({ open: `{ raises: 'Opened', decide: () => Closed({}) }` }),
    says: `Type '"Closed"' is not assignable to type '"Opened"'`,
  },
  'a command that decides an event which the machine has not': {
    program: door({ open: `{ raises: ['Opened', 'Closed'], decide: () => Foreign({ x: 'a' }) }` }),
    says: /Type '"Foreign"' is not assignable to type '"(Opened|Closed)"'/,
  },
  'a command that raises several events and does not decide which': {
    program: door({ open: `{ raises: ['Opened', 'Closed'] }` }),
    says: `Property 'decide' is missing in type`,
  },
  'a decision that reads a field which the command has not': {
    program: door({ open: `{ raises: 'Opened', decide: (context, { name }) => Opened({ by: name }) }` }),
    says: `Property 'name' does not exist on type '{ doorId: string; by: string; }'`,
  },
  'a guard that reads a field which the context has not': {
    program: door({ closed: `{ guard: (context) => context.width > 3, target: 'shut' }` }),
    says: `Property 'width' does not exist on type '{ by: string; }'`,
  },
  'a guard that reads a field which the event has not': {
    program: door({ opened: `{ guard: (context, { data }) => data.width > 3, target: 'open' }` }),
    says: `Property 'width' does not exist on type '{ by: string; }'`,
  },
  'a reducer that gives another context': {
    program: door({ evolve: '{ Opened: () => ({ by: 1 }) }' }),
    says: `Type 'number' is not assignable to type 'string'`,
  },
  'a reducer for an event that the machine has not': {
    program: door({ evolve: '{ Foreign: (context) => context }' }),
    says: `'Foreign' does not exist in type`,
  },
  'a command without the id of its machine': {
    program: door({ commands: '[Open, Close, Lost]' }),
    says: `"The data of command Lost has no field \\"doorId\\" of type string"`,
  },
  'a state of the machine that it can not be in': {
    program: `${door()} export const state: typeof door.initial = { value: 'open', context: { by: '' } }`,
    says: /Type '"open"' is not assignable to type '("(shut|open\.ajar|open\.wide)"( \| )?){3}'/,
  },
  'a specification that expects a rejection which there is not': {
    program: `${door()} spec(door).when(Close({ doorId: 'a' })).thenRejected('who-are-you')`,
    says: `No decision of this aggregate rejects with who-are-you`,
  },
  'a question for a state that is not there': {
    program: `${door()} door.allowed('gone')`,
    says: /Argument of type '"gone"' is not assignable to parameter of type '("(shut|open\.ajar|open\.wide)"( \| )?){3}'/,
  },
}

const correct: Readonly<Record<string, string>> = {
  'a machine': door(),
  'a machine whose guard rejects': door({
    open: `{ raises: 'Opened', guard: (context, { by }) => by === 'ada' || reject('who-are-you') }`,
  }),
  'a machine that stays where it is': door({ opened: '{}' }),
  'a machine that records a refusal': door({
    open: `{ raises: ['Opened', 'Closed'], decide: (context, { by }) => by === '' ? reject('no', { events: [Closed({})] }) : [Closed({}), Opened({ by })] }`,
  }),
  'a machine with nothing to remember': `machine('lamp', { events: [Closed], commands: [], initial: 'on', states: { on: { on: { Closed: 'off' } }, off: { final: true } } })`,
  'its state': `${door()} export const state: typeof door.initial = { value: 'open.ajar', context: { by: '' } }
export const read = async (headwater: Headwater): Promise<'shut' | 'open.ajar' | 'open.wide'> => (await headwater.state(door, 'a')).state.value`,
  'specifications of its rejections': `${door()} spec(door).when(Close({ doorId: 'a' })).thenRejected('not-allowed-in-state')
spec(door).when(Open({ doorId: 'a', by: '' })).thenRejected('you-again')`,
  'its commands': `${door()} export const allowed: readonly ('Open' | 'Close')[] = door.allowed('shut')`,
  'it in an app': `${door()} app({ name: 'house', aggregates: [door] })`,
}

describe('the compiler', () => {
  judges({
    shared,
    preamble: `import { app, machine, reject, Opened, Closed, Foreign, Open, Close, Lost } from './shared.ts'
import { spec } from '@headwater/core/spec'
import type { Headwater } from './shared.ts'
`,
    correct,
    mistakes,
  })
})
