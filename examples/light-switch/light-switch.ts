import { aggregateClass, aggregateOf, Refusal } from 'headwater'
import { TurnedOff, TurnedOn, TurnOff, TurnOn } from './messages.ts'

/** A simple aggregate that models a light switch. */
export class LightSwitch extends aggregateClass('lightSwitch', {
  description: 'A switch, and whether its light shines.',
  events: [TurnedOn, TurnedOff],
  initial: { shines: false },
  evolve: {
    TurnedOn: () => ({ shines: true }),
    TurnedOff: () => ({ shines: false }),
  },
}) {
  static readonly AlreadyTurnedOn = class extends Refusal {}
  static readonly AlreadyTurnedOff = class extends Refusal {}

  turnOn(): void {
    if (this.state.shines) throw new LightSwitch.AlreadyTurnedOn('The light is on')
    this.raise(TurnedOn({}))
  }

  turnOff(): void {
    if (!this.state.shines) throw new LightSwitch.AlreadyTurnedOff('The light is off')
    this.raise(TurnedOff({}))
  }
}

/** The class in an app: its commands are calls of its methods. */
export const lightSwitch = aggregateOf(LightSwitch, {
  commands: [TurnOn, TurnOff],
  decide: {
    TurnOn: (light) => light.turnOn(),
    TurnOff: (light) => light.turnOff(),
  },
})
