import { command, event } from 'headwater'
import { z } from 'zod'

export const TurnedOn = event('TurnedOn', z.object({}), { description: 'A light was turned on.' })
export const TurnedOff = event('TurnedOff', z.object({}), { description: 'A light was turned off.' })

const lightSwitchId = z.string().min(1).max(100)

export const TurnOn = command('TurnOn', z.object({ lightSwitchId }), {
  description: 'Turns on a light that is off.',
})
export const TurnOff = command('TurnOff', z.object({ lightSwitchId }), {
  description: 'Turns off a light that is on.',
})
