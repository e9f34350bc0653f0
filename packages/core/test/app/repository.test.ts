import { app, type Headwater, memoryStore, Refusal, reject } from '@headwater/core'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  AlreadyTurnedOff,
  AlreadyTurnedOn,
  lightFunctions,
  LightSwitch,
  lightSwitch,
  TurnOn,
} from '../support/light-switch.ts'
import { running } from '../support/running.ts'

const lights = app({ name: 'lights', aggregates: [lightSwitch] })
let headwater: Headwater

beforeEach(async () => {
  headwater = await running(lights)
})

const history = async (id: string): Promise<string[]> => {
  const { events } = await headwater.readStream(`lightSwitch-${id}`)
  return events.map(({ type }) => type)
}

describe('aggregate', () => {
  test('saves all that was raised, at once', async () => {
    const saved = await headwater.repository(LightSwitch).aggregate('hall', (light) => light.flash(2))
    expect(saved).toMatchObject({ status: 'accepted', stream: 'lightSwitch-hall', revision: 4, position: 4 })
    expect(await history('hall')).toEqual(['TurnedOn', 'TurnedOff', 'TurnedOn', 'TurnedOff'])
  })

  test('lets the caller catch a refusal and do something else', async () => {
    const switches = headwater.repository(LightSwitch)
    await switches.aggregate('hall', (light) => light.turnOn())
    await switches.aggregate('hall', (light) => {
      try {
        light.turnOn()
      } catch (error) {
        if (!(error instanceof AlreadyTurnedOn)) throw error
        light.turnOff()
      }
    })
    expect(await history('hall')).toEqual(['TurnedOn', 'TurnedOff'])
  })

  test('throws the refusal that nobody caught, saves nothing, and keeps it in the command log', async () => {
    const switches = headwater.repository(LightSwitch)
    const attempt = switches.aggregate('hall', (light) => {
      light.turnOn()
      light.turnOn()
    })
    await expect(attempt).rejects.toThrow(AlreadyTurnedOn)
    expect(await history('hall')).toEqual([])
    const [logged] = await headwater.commands()
    expect(logged).toMatchObject({
      type: '$save',
      status: 'rejected',
      reason: { code: 'already-turned-on', data: { switched: 1 } },
      payload: { aggregate: 'lightSwitch', lightSwitchId: 'hall' },
    })
  })

  test('throws a rejection that was returned', async () => {
    const attempt = headwater.repository(LightSwitch).aggregate('hall', () => reject('no', { data: 7 }))
    await expect(attempt).rejects.toMatchObject({ name: 'Refusal', code: 'no', data: 7 })
  })

  test('throws what else goes wrong as it is, and records nothing', async () => {
    const wrong = new RangeError('on fire')
    const attempt = headwater.repository(LightSwitch).aggregate('hall', (light) => {
      light.turnOn()
      throw wrong
    })
    await expect(attempt).rejects.toBe(wrong)
    expect(await headwater.commands()).toEqual([])
  })

  test('loses no update when many change one', async () => {
    const switches = headwater.repository(LightSwitch)
    await Promise.all(
      Array.from({ length: 18 }, () =>
        switches.aggregate('hall', (light) => (light.shines ? light.turnOff() : light.turnOn())),
      ),
    )
    const { state, revision } = await headwater.state(lightSwitch, 'hall')
    expect({ state, revision }).toEqual({
      state: { shines: false, switched: 18, burnedOut: false },
      revision: 18,
    })
  })

  test('loses no update when two processes change one', async () => {
    const store = memoryStore()
    const processes = [await running(lights, { store }), await running(lights, { store })]
    const toggled = processes.flatMap((process) =>
      Array.from({ length: 9 }, () =>
        process
          .repository(LightSwitch)
          .aggregate('hall', (light) => (light.shines ? light.turnOff() : light.turnOn())),
      ),
    )
    await Promise.all(toggled)
    expect((await processes[0]?.state(lightSwitch, 'hall'))?.revision).toBe(18)
  })

  test('has one effect per id, and gives whoever repeats it the same answer', async () => {
    const switches = headwater.repository(LightSwitch)
    const first = await switches.aggregate('hall', (light) => light.turnOn(), { id: 'dusk' })
    const again = await switches.aggregate('hall', (light) => light.turnOn(), { id: 'dusk' })
    expect(again).toEqual(first)
    expect(await history('hall')).toEqual(['TurnedOn'])
  })

  test('refuses again what was refused under the same id', async () => {
    const switches = headwater.repository(LightSwitch)
    await expect(switches.aggregate('hall', (light) => light.turnOff(), { id: 'dawn' })).rejects.toThrow(
      AlreadyTurnedOff,
    )
    await switches.aggregate('hall', (light) => light.turnOn())
    const again = switches.aggregate('hall', (light) => light.turnOff(), { id: 'dawn' })
    await expect(again).rejects.toMatchObject({ code: 'already-turned-off' })
    await expect(again).rejects.toBeInstanceOf(Refusal)
  })

  test('is not done in the name of another command', async () => {
    const switches = headwater.repository(LightSwitch)
    await headwater.execute(TurnOn({ lightSwitchId: 'hall' }), { id: 'one' })
    const attempt = switches.aggregate('hall', (light) => light.turnOff(), { id: 'one' })
    await expect(attempt).rejects.toMatchObject({ code: 'command.id-reused' })
  })

  test('records who did it, in which conversation, for which tenant, and when', async () => {
    const occurredAt = new Date('2026-11-01T18:00:00Z')
    const origin = { actor: 'ada', correlationId: 'evening', tenant: 'north', occurredAt }
    await headwater.repository(LightSwitch).aggregate('hall', (light) => light.turnOn(), origin)
    const { events } = await headwater.readStream('lightSwitch-hall', { tenant: 'north' })
    const [command] = await headwater.commands({ tenant: 'north' })
    expect(events[0]).toMatchObject({ ...origin, causationId: command?.id, data: { by: 'ada' } })
    expect(command).toMatchObject({
      actor: 'ada',
      correlationId: 'evening',
      reads: { streams: [['lightSwitch-hall', 0]] },
    })
    expect(await history('hall')).toEqual([])
  })

  test('goes through the interceptors, as every command', async () => {
    const seen: string[] = []
    const guarded = await running(
      app({
        name: 'lights',
        aggregates: [lightSwitch],
        interceptors: [
          (inFlight, next) => {
            seen.push(inFlight.command.type)
            return next({ ...inFlight, options: { ...inFlight.options, actor: 'the house' } })
          },
        ],
      }),
    )
    await guarded.repository(LightSwitch).aggregate('hall', (light) => light.turnOn())
    const { events } = await guarded.readStream('lightSwitch-hall')
    expect({ seen, actor: events[0]?.actor }).toEqual({ seen: ['$save'], actor: 'the house' })
  })

  test('does nothing that waits', async () => {
    const switches = headwater.repository(LightSwitch)
    // @ts-expect-error: what is asynchronous can not be work
    const attempt = switches.aggregate('hall', async (light) => light.turnOn())
    await expect(attempt).rejects.toThrow('can not wait')
    expect(await history('hall')).toEqual([])
  })
})

describe('new', () => {
  test('makes one that is to be saved', async () => {
    const switches = headwater.repository(LightSwitch)
    const light = switches.new('hall', { actor: 'ada' })
    light.turnOn()
    expect({ id: light.id, revision: light.revision, shines: light.shines }).toEqual({
      id: 'hall',
      revision: 0,
      shines: true,
    })
    await switches.save(light)
    expect((await headwater.readStream('lightSwitch-hall')).events[0]).toMatchObject({
      actor: 'ada',
      data: { by: 'ada' },
    })
  })

  test('with work makes it and saves it', async () => {
    const saved = await headwater.repository(LightSwitch).new('hall', (light) => light.turnOn())
    expect(saved.revision).toBe(1)
  })

  test('is refused where there is one already', async () => {
    const switches = headwater.repository(LightSwitch)
    await switches.new('hall', (light) => light.turnOn())
    const second = switches.new('hall', (light) => light.turnOn())
    await expect(second).rejects.toMatchObject({ code: 'command.revision-mismatch' })
  })

  test('refuses an id that names no stream', () => {
    expect(() => headwater.repository(LightSwitch).new('a\u0000b')).toThrow('Not a stream')
  })
})

describe('load and save', () => {
  test('save what was changed in between, as one', async () => {
    const switches = headwater.repository(LightSwitch)
    await switches.aggregate('hall', (light) => light.turnOn())
    const light = await switches.load('hall')
    light.turnOff()
    light.turnOn()
    expect((await switches.save(light)).revision).toBe(3)
  })

  test('refuse to overwrite what others saved meanwhile', async () => {
    const switches = headwater.repository(LightSwitch)
    const light = await switches.load('hall')
    await switches.aggregate('hall', (other) => other.turnOn())
    light.turnOn()
    await expect(switches.save(light)).rejects.toMatchObject({ code: 'command.revision-mismatch' })
  })

  test('go on after a save', async () => {
    const switches = headwater.repository(LightSwitch)
    const light = await switches.load('hall')
    light.turnOn()
    await switches.save(light)
    light.turnOff()
    const { commandId, revision } = await switches.save(light)
    expect({ revision, of: light.revision }).toEqual({ revision: 2, of: 2 })
    const ids = (await headwater.commands()).map(({ id }) => id)
    expect(ids).toHaveLength(2)
    expect(ids[1]).toBe(commandId)
  })

  test('save the same thing once, however often a failed save is repeated', async () => {
    const switches = headwater.repository(LightSwitch)
    const light = switches.new('hall', { id: 'made' })
    light.turnOn()
    await switches.save(light)
    const twin = switches.new('hall', { id: 'made' })
    twin.turnOn()
    expect((await switches.save(twin)).revision).toBe(1)
    expect(await history('hall')).toEqual(['TurnedOn'])
  })

  test('save only what the repository itself made', async () => {
    const light = headwater.repository(LightSwitch).new('hall')
    await expect(headwater.repository(LightSwitch).save(light)).rejects.toThrow('made or loaded itself')
  })

  test('read what is there, of a tenant', async () => {
    const switches = headwater.repository(LightSwitch)
    await switches.aggregate('hall', (light) => light.turnOn(), { tenant: 'north' })
    expect((await switches.load('hall', { tenant: 'north' })).shines).toBe(true)
    expect((await switches.load('hall')).shines).toBe(false)
  })
})

test('a repository is for the classes of the app', async () => {
  const other = await running(app({ name: 'none', aggregates: [] }))
  expect(() => other.repository(LightSwitch)).toThrow('has no aggregate named lightSwitch')
  const functions = await running(app({ name: 'functions', aggregates: [lightFunctions] }))
  expect(() => functions.repository(LightSwitch)).toThrow('is not made of this class')
})

test('nothing is saved any more once Headwater closes', async () => {
  const switches = headwater.repository(LightSwitch)
  await headwater.close()
  await expect(switches.aggregate('hall', (light) => light.turnOn())).rejects.toMatchObject({
    code: 'log.closed',
  })
})
