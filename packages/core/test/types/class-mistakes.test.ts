import { describe } from 'vitest'
import { judges, type Mistake } from './judge.ts'

const shared = `
import { z } from 'zod'
import { event, command } from '@headwater/core'
export * from '@headwater/core'
export const TurnedOn = event('TurnedOn', z.object({ by: z.string() }))
export const TurnedOff = event('TurnedOff', z.object({}))
export const Foreign = event('Foreign', z.object({ x: z.string() }))
export const TurnOn = command('TurnOn', z.object({ lightSwitchId: z.string(), by: z.string() }))
export const TurnOff = command('TurnOff', z.object({ lightSwitchId: z.string() }))
export const Lost = command('Lost', z.object({ by: z.string() }))
`

const evolveBoth = `{ TurnedOn: () => ({ shines: true }), TurnedOff: () => ({ shines: false }) }`

/** The class with a part replaced. */
const lightSwitch = ({ evolve = evolveBoth, method = '' } = {}): string =>
  `class LightSwitch extends aggregateClass('lightSwitch', { events: [TurnedOn, TurnedOff], initial: { shines: false }, evolve: ${evolve} }) {
  get shines() { return this.state.shines }
  turnOn(by: string) { this.raise(TurnedOn({ by })) }
  ${method}
}
`

const withCommands = (commands: string, decide: string): string =>
  `${lightSwitch()} aggregateOf(LightSwitch, { commands: ${commands}, decide: ${decide} })`

const withRepository = (use: string): string =>
  `${lightSwitch()} export const use = (headwater: Headwater) => headwater.repository(LightSwitch).${use}`

const mistakes: Readonly<Record<string, Mistake>> = {
  'a class that does not say how it changes by an event': {
    program: lightSwitch({ evolve: '{ TurnedOn: () => ({ shines: true }) }' }),
    says: /^ {2}Property 'TurnedOff' is missing in type '\{ TurnedOn: .*\}' but required in type 'Evolve</m,
  },
  'a class that changes by a foreign event': {
    program: lightSwitch({ evolve: evolveBoth.replace('{', '{ Foreign: () => ({ shines: true }),') }),
    says: `is not assignable to type '"Foreign is not one of this aggregate's events"'`,
  },
  'a class whose state becomes another': {
    program: lightSwitch({ evolve: evolveBoth.replace('true', '1') }),
    says: `Type 'number' is not assignable to type 'boolean'`,
  },
  'a method that raises an event which the class does not declare': {
    program: lightSwitch({ method: `flicker() { this.raise(Foreign({ x: 'a' })) }` }),
    says: `Type '"Foreign"' is not assignable to type '"TurnedOff"'`,
  },
  'a method that raises an event of wrong data': {
    program: lightSwitch({ method: `flicker() { this.raise(TurnedOn({ by: 1 })) }` }),
    says: `Type 'number' is not assignable to type 'string'`,
  },
  'a method that changes the state without an event': {
    program: lightSwitch({ method: `cheat() { this.state.shines = true }` }),
    says: `Cannot assign to 'shines' because it is a read-only property`,
  },
  'a method that replaces the state': {
    program: lightSwitch({ method: `cheat() { this.state = { shines: true } }` }),
    says: `Cannot assign to 'state' because it is a read-only property`,
  },
  'a look at the state from outside': {
    program: `${lightSwitch()} export const look = (light: LightSwitch) => light.state`,
    says: `Property 'state' is protected and only accessible within class`,
  },
  'an event that is raised from outside': {
    program: `${lightSwitch()} export const meddle = (light: LightSwitch) => light.raise(TurnedOff({}))`,
    says: `Property 'raise' is protected and only accessible within class`,
  },
  'a command that calls no method': {
    program: withCommands('[TurnOn, TurnOff]', '{ TurnOn: (light, { by }) => light.turnOn(by) }'),
    says: /Property 'TurnOff' is missing in type/,
  },
  'a call for a foreign command': {
    program: withCommands(
      '[TurnOn]',
      '{ TurnOn: (light, { by }) => light.turnOn(by), TurnOff: () => undefined }',
    ),
    says: `is not assignable to type '"TurnOff is not one of this aggregate's commands"'`,
  },
  'a command that calls what is not there': {
    program: withCommands('[TurnOn]', '{ TurnOn: (light) => light.explode() }'),
    says: `Property 'explode' does not exist on type 'LightSwitch'`,
  },
  'a command that calls a method with what it has not': {
    program: withCommands('[TurnOff]', '{ TurnOff: (light, { by }) => light.turnOn(by) }'),
    says: `Property 'by' does not exist on type '{ lightSwitchId: string; }'`,
  },
  'a command that returns an event instead of raising it': {
    program: withCommands('[TurnOff]', '{ TurnOff: () => TurnedOff({}) }'),
    says: `is not assignable to type 'CallResult<`,
  },
  'a command that waits for something': {
    program: withCommands('[TurnOff]', '{ TurnOff: async () => undefined }'),
    says: `Type 'Promise<undefined>' is not assignable to type`,
  },
  'a command without the id of the aggregate': {
    program: withCommands('[Lost]', '{ Lost: () => undefined }'),
    says: `is not assignable to type '"The data of command Lost has no field \\"lightSwitchId\\" of type string"'`,
  },
  'work of a repository that waits for something': {
    program: withRepository(`aggregate('hall', async (light) => light.turnOn('ada'))`),
    says: `Type 'Promise<void>' is not assignable to type`,
  },
  'work of a repository that calls what is not there': {
    program: withRepository(`aggregate('hall', (light) => light.explode())`),
    says: `Property 'explode' does not exist on type 'LightSwitch'`,
  },
  'a repository of what is no aggregate class': {
    program: `class Lamp {} export const use = (headwater: Headwater) => headwater.repository(Lamp)`,
    says: `Property 'definition' is missing in type 'typeof Lamp'`,
  },
}

const correct: Readonly<Record<string, string>> = {
  'a class': lightSwitch(),
  'its aggregate': withCommands('[TurnOn]', '{ TurnOn: (light, { by }) => light.turnOn(by) }'),
  'its aggregate without commands': `${lightSwitch()} aggregateOf(LightSwitch)`,
  'a command that may be refused': withCommands(
    '[TurnOff]',
    `{ TurnOff: (light) => light.shines ? undefined : reject('dark') }`,
  ),
  'its aggregate with the state that the class has': `${lightSwitch()} export const shines: boolean = aggregateOf(LightSwitch).initial.shines`,
  'a repository of it': withRepository(`load('hall').then((light) => light.turnOn('ada'))`),
  'work with it': withRepository(
    `aggregate('hall', (light) => light.shines ? undefined : light.turnOn('ada'))`,
  ),
  'a class that takes its id from another field': `class Named extends aggregateClass('named', { events: [TurnedOff], initial: {}, evolve: { TurnedOff: (state) => state }, id: 'by' }) {}
aggregateOf(Named, { commands: [Lost], decide: { Lost: () => undefined } })`,
}

describe('the compiler', () => {
  judges({
    shared,
    preamble: `import { aggregateClass, aggregateOf, reject, TurnedOn, TurnedOff, Foreign, TurnOn, TurnOff, Lost } from './shared.ts'
import type { Headwater } from './shared.ts'
`,
    correct,
    mistakes,
  })
})
