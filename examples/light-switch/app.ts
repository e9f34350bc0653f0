import { app, view } from 'headwater'
import { lightSwitch } from './light-switch.ts'
import { TurnedOff, TurnedOn } from './messages.ts'

export const lights = view('lights', {
  description: 'Which lights shine, since when, and how often they were switched.',
  events: [TurnedOn, TurnedOff],
  initial: { shines: false, since: '', switched: 0 },
  on: {
    TurnedOn: ({ switched }, { occurredAt }) => ({
      shines: true,
      since: occurredAt.toISOString(),
      switched: switched + 1,
    }),
    TurnedOff: ({ switched }, { occurredAt }) => ({
      shines: false,
      since: occurredAt.toISOString(),
      switched: switched + 1,
    }),
  },
})

export default app({ name: 'light-switch', aggregates: [lightSwitch], views: [lights] })
