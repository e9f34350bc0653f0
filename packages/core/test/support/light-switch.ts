import {
  aggregate,
  aggregateClass,
  aggregateOf,
  command,
  event,
  Refusal,
  reject,
  type Rejection,
} from '@headwater/core'
import { z } from 'zod'

export const TurnedOn = event('TurnedOn', z.object({ by: z.string().nullable() }))
export const TurnedOff = event('TurnedOff', z.object({}))
export const Burned = event('Burned', z.object({ out: z.boolean() }))
export const TurnOn = command('TurnOn', z.object({ lightSwitchId: z.string() }))
export const TurnOff = command('TurnOff', z.object({ lightSwitchId: z.string() }))
export const Flash = command('Flash', z.object({ lightSwitchId: z.string(), times: z.int().max(10) }))

const events = [TurnedOn, TurnedOff, Burned]
const commands = [TurnOn, TurnOff, Flash]

interface State {
  readonly shines: boolean
  readonly switched: number
  readonly burnedOut: boolean
}

const initial: State = { shines: false, switched: 0, burnedOut: false }

const evolve = {
  TurnedOn: (state: State) => ({ ...state, shines: true, switched: state.switched + 1 }),
  TurnedOff: (state: State) => ({ ...state, shines: false, switched: state.switched + 1 }),
  Burned: (state: State) => ({ ...state, shines: false, burnedOut: true }),
}

export class AlreadyTurnedOn extends Refusal {}
export class AlreadyTurnedOff extends Refusal {}

/** A bulb that lasts for twenty switches. */
export class LightSwitch extends aggregateClass('lightSwitch', { events, initial, evolve }) {
  get shines(): boolean {
    return this.state.shines
  }

  turnOn(): void {
    if (this.state.burnedOut) throw new AlreadyTurnedOff('The bulb is dead')
    if (this.state.shines)
      throw new AlreadyTurnedOn('It shines already', { data: { switched: this.state.switched } })
    this.raise(TurnedOn({ by: this.context.actor }))
    if (this.state.switched >= 20) this.raise(Burned({ out: true }))
  }

  turnOff(): void {
    if (!this.state.shines) throw new AlreadyTurnedOff()
    this.raise(TurnedOff({}))
  }

  flash(times: number): void {
    for (let n = 0; n < times; n += 1) {
      this.turnOn()
      this.turnOff()
    }
  }
}

export const lightSwitch = aggregateOf(LightSwitch, {
  commands,
  decide: {
    TurnOn: (light) => light.turnOn(),
    TurnOff: (light) => light.turnOff(),
    Flash: (light, { times }) => light.flash(times),
  },
})

type Raised = ReturnType<typeof TurnedOn> | ReturnType<typeof TurnedOff> | ReturnType<typeof Burned>

function turnOn(state: State, by: string | null): Raised[] | Rejection<never> {
  if (state.burnedOut) return reject('already-turned-off', { message: 'The bulb is dead' })
  if (state.shines)
    return reject('already-turned-on', { message: 'It shines already', data: { switched: state.switched } })
  return state.switched + 1 >= 20 ? [TurnedOn({ by }), Burned({ out: true })] : [TurnedOn({ by })]
}

/** The same switch, as functions. */
export const lightFunctions = aggregate('lightSwitch', {
  events,
  commands,
  initial,
  evolve,
  decide: {
    TurnOn: (state, _data, { actor }) => turnOn(state, actor),
    TurnOff: ({ shines }) => (shines ? TurnedOff({}) : reject('already-turned-off')),
    Flash: (before, { times }, { actor }) => {
      let state = before
      const raised: Raised[] = []
      for (let n = 0; n < times; n += 1) {
        const on = turnOn(state, actor)
        if (!Array.isArray(on)) return on
        const burns = on.length > 1
        raised.push(...on)
        if (burns) return reject('already-turned-off')
        raised.push(TurnedOff({}))
        state = { ...state, switched: state.switched + 2 }
      }
      return raised
    },
  },
})
