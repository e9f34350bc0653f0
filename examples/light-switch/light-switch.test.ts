import { type Headwater, open } from 'headwater'
import { spec } from 'headwater/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import app, { lights } from './app.ts'
import { lightSwitch as functions } from './functions.ts'
import { LightSwitch, lightSwitch } from './light-switch.ts'
import { TurnedOff, TurnedOn, TurnOff, TurnOn } from './messages.ts'

const lightSwitchId = 'hall'

async function running(): Promise<Headwater> {
  const headwater = await open(app, { db: 'memory:' })
  onTestFinished(() => headwater.close())
  return headwater
}

for (const [form, it] of [
  ['a class', lightSwitch],
  ['functions', functions],
] as const) {
  describe(`a light switch as ${form}`, () => {
    test('is turned on', () => {
      spec(it).when(TurnOn({ lightSwitchId })).then(TurnedOn({})).thenState({ shines: true })
    })

    test('is turned off when it is on', () => {
      spec(it).given(TurnedOn({})).when(TurnOff({ lightSwitchId })).then(TurnedOff({}))
    })

    test('is not turned on twice', () => {
      spec(it)
        .given(TurnedOn({}))
        .when(TurnOn({ lightSwitchId }))
        .thenRejected('already-turned-on', { message: 'The light is on' })
    })

    test('is not turned off before it is on', () => {
      spec(it).when(TurnOff({ lightSwitchId })).thenRejected('already-turned-off')
    })
  })
}

describe('a repository of light switches', () => {
  test('makes a new one, and saves what its methods raised', async () => {
    const headwater = await running()
    const switches = headwater.repository(LightSwitch)
    const saved = await switches.new(lightSwitchId, (light) => {
      light.turnOn()
      light.turnOff()
    })
    expect(saved).toMatchObject({ stream: 'lightSwitch-hall', revision: 2 })
    const item = await headwater.view(lights).get(lightSwitchId, { waitFor: saved.position })
    expect(item?.doc).toMatchObject({ shines: false, switched: 2 })
  })

  test('lets one change one’s mind: who turns on what is on can turn it off instead', async () => {
    const headwater = await running()
    const switches = headwater.repository(LightSwitch)
    await switches.new(lightSwitchId, (light) => light.turnOn())
    await switches.aggregate(lightSwitchId, (secondIncarnation) => {
      try {
        secondIncarnation.turnOn()
      } catch (error) {
        if (!(error instanceof LightSwitch.AlreadyTurnedOn)) throw error
        // O mon Dieu, I made a mistake!
        secondIncarnation.turnOff()
      }
    })
    expect((await headwater.state(lightSwitch, lightSwitchId)).state).toEqual({ shines: false })
  })

  test('saves nothing of a turn that ends in a refusal', async () => {
    const headwater = await running()
    const twice = headwater.repository(LightSwitch).aggregate(lightSwitchId, (light) => {
      light.turnOn()
      light.turnOn()
    })
    await expect(twice).rejects.toThrow(LightSwitch.AlreadyTurnedOn)
    expect(await headwater.lastPosition()).toBeUndefined()
  })
})
