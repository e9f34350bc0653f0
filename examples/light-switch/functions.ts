import { aggregate, reject } from 'headwater'
import { TurnedOff, TurnedOn, TurnOff, TurnOn } from './messages.ts'

/** The same switch as functions; an app takes one of the two. */
export const lightSwitch = aggregate('lightSwitch', {
  description: 'A switch, and whether its light shines.',
  events: [TurnedOn, TurnedOff],
  commands: [TurnOn, TurnOff],
  initial: { shines: false },
  evolve: {
    TurnedOn: () => ({ shines: true }),
    TurnedOff: () => ({ shines: false }),
  },
  decide: {
    TurnOn: ({ shines }) =>
      shines ? reject('already-turned-on', { message: 'The light is on' }) : TurnedOn({}),
    TurnOff: ({ shines }) =>
      shines ? TurnedOff({}) : reject('already-turned-off', { message: 'The light is off' }),
  },
})
