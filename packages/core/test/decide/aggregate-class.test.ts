import { inspect } from 'node:util'
import {
  aggregate,
  aggregateClass,
  aggregateOf,
  app,
  command,
  event,
  type Fact,
  Refusal,
  reject,
} from '@headwater/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Flash, lightFunctions, LightSwitch, lightSwitch, TurnOff, TurnOn } from '../support/light-switch.ts'
import { running } from '../support/running.ts'

const describeFact = (fact: Fact): string =>
  JSON.stringify([
    [fact.id, fact.type, fact.version, fact.stream, fact.aggregateId, fact.revision, fact.tenant],
    [fact.occurredAt, fact.actor, fact.correlationId, fact.causationId, fact.data],
  ])

const lights = app({ name: 'lights', aggregates: [lightSwitch] })

test('what a method raises is recorded, and the state follows', async () => {
  const headwater = await running(lights)
  const outcome = await headwater.execute(TurnOn({ lightSwitchId: 'hall' }), { actor: 'ada' })
  expect(outcome).toMatchObject({ status: 'accepted', stream: 'lightSwitch-hall', revision: 1 })
  expect(await headwater.state(lightSwitch, 'hall')).toEqual({
    state: { shines: true, switched: 1, burnedOut: false },
    revision: 1,
  })
  const [recorded] = (await headwater.readStream('lightSwitch-hall')).events
  expect(recorded?.data).toEqual({ by: 'ada' })
})

test('a refusal that is thrown is a rejection by the name of its class', async () => {
  const headwater = await running(lights)
  await headwater.execute(TurnOn({ lightSwitchId: 'hall' }))
  const outcome = await headwater.execute(TurnOn({ lightSwitchId: 'hall' }))
  expect(outcome).toMatchObject({
    status: 'rejected',
    revision: 1,
    reason: { code: 'already-turned-on', message: 'It shines already', data: { switched: 1 } },
  })
})

test('what was raised before a refusal is not recorded', async () => {
  const headwater = await running(lights)
  for (let n = 0; n < 19; n += 1) {
    await headwater.execute(
      n % 2 === 0 ? TurnOn({ lightSwitchId: 'hall' }) : TurnOff({ lightSwitchId: 'hall' }),
    )
  }
  await headwater.execute(TurnOff({ lightSwitchId: 'hall' }))
  const outcome = await headwater.execute(Flash({ lightSwitchId: 'hall', times: 3 }))
  expect(outcome).toMatchObject({ status: 'rejected', revision: 20, events: [] })
})

test('a method sees what it has raised, as the facts that they become', async () => {
  const Stepped = event('Stepped', z.object({ n: z.int() }))
  const Climb = command('Climb', z.object({ stairsId: z.string(), steps: z.int() }))
  let seen: readonly string[] = []
  class Stairs extends aggregateClass('stairs', {
    events: [Stepped],
    initial: { steps: [] as string[] },
    evolve: {
      Stepped: ({ steps }, fact) => ({ steps: [...steps, describeFact(fact)] }),
    },
  }) {
    climb(steps: number): void {
      const from = this.state.steps.length
      for (let n = 0; n < steps; n += 1) this.raise(Stepped({ n: from + n }))
      seen = this.state.steps
    }
  }
  const stairs = aggregateOf(Stairs, {
    commands: [Climb],
    decide: { Climb: (it, { steps }) => it.climb(steps) },
  })
  const headwater = await running(app({ name: 'house', aggregates: [stairs] }))
  await headwater.execute(Climb({ stairsId: 'up', steps: 2 }), {
    actor: 'ada',
    tenant: 't',
    correlationId: 'walk',
  })
  await headwater.execute(Climb({ stairsId: 'up', steps: 2 }), { tenant: 't' })
  const { state } = await headwater.state(stairs, 'up', { tenant: 't' })
  expect(seen).toHaveLength(4)
  expect(seen).toEqual(state.steps)
})

test('a method may return a rejection instead of throwing one', async () => {
  const Opened = event('Opened', z.object({}))
  const Knocked = event('Knocked', z.object({}))
  const Open = command('Open', z.object({ doorId: z.string() }))
  class Door extends aggregateClass('door', {
    events: [Opened, Knocked],
    initial: {},
    evolve: { Opened: (state) => state, Knocked: (state) => state },
  }) {
    open() {
      return reject('closed', { events: [Knocked({})] })
    }
  }
  const door = aggregateOf(Door, { commands: [Open], decide: { Open: (it) => it.open() } })
  const headwater = await running(app({ name: 'doors', aggregates: [door] }))
  const outcome = await headwater.execute(Open({ doorId: 'front' }))
  expect(outcome).toMatchObject({ status: 'rejected', revision: 1, reason: { code: 'closed' } })
})

test('a refusal records the facts that it names', async () => {
  const Refused = event('Refused', z.object({ why: z.string() }))
  const Ask = command('Ask', z.object({ gateId: z.string() }))
  class Shut extends Refusal {}
  class Gate extends aggregateClass('gate', {
    events: [Refused],
    initial: {},
    evolve: { Refused: (state) => state },
  }) {
    ask(): void {
      throw new Shut('At night', { events: [Refused({ why: 'night' })] })
    }
  }
  const gate = aggregateOf(Gate, { commands: [Ask], decide: { Ask: (it) => it.ask() } })
  const headwater = await running(app({ name: 'gates', aggregates: [gate] }))
  const outcome = await headwater.execute(Ask({ gateId: 'north' }))
  expect(outcome).toMatchObject({ status: 'rejected', events: [{ type: 'Refused', revision: 1 }] })
})

test('a state that a method changes in place is refused: others decide on it too', async () => {
  const Added = event('Added', z.object({}))
  const Spoil = command('Spoil', z.object({ listId: z.string() }))
  class List extends aggregateClass('list', {
    events: [Added],
    initial: { items: [] as string[] },
    evolve: { Added: ({ items }) => ({ items: [...items, 'one'] }) },
  }) {
    spoil(): void {
      this.raise(Added({}))
      this.state.items.push('two')
    }
  }
  const list = aggregateOf(List, { commands: [Spoil], decide: { Spoil: (it) => it.spoil() } })
  const headwater = await running(app({ name: 'lists', aggregates: [list] }))
  await expect(headwater.execute(Spoil({ listId: 'a' }))).rejects.toMatchObject({ code: 'command.failed' })
})

test('the code of a refusal can be named, and is that of the class otherwise', () => {
  class HTTPFailed extends Refusal {}
  class Shut extends Refusal {
    constructor() {
      super('Come back tomorrow', { code: 'closed' })
    }
  }
  expect(new HTTPFailed().code).toBe('http-failed')
  expect(new Shut()).toMatchObject({ code: 'closed', message: 'Come back tomorrow', name: 'Shut' })
  expect(() => new (class extends Refusal {})()).toThrow('needs a code')
})

test('a refusal rejects in a decision that is a function, too', async () => {
  const Done = event('Done', z.object({}))
  const Do = command('Do', z.object({ taskId: z.string() }))
  class NotNow extends Refusal {}
  const task = aggregate('task', {
    events: [Done],
    commands: [Do],
    initial: {},
    evolve: { Done: (state) => state },
    decide: {
      Do: () => {
        throw new NotNow()
      },
    },
  })
  const headwater = await running(app({ name: 'tasks', aggregates: [task] }))
  expect(await headwater.execute(Do({ taskId: 'a' }))).toMatchObject({ reason: { code: 'not-now' } })
})

const anyCommand = fc.oneof(
  fc.constant(TurnOn({ lightSwitchId: 'hall' })),
  fc.constant(TurnOff({ lightSwitchId: 'hall' })),
  fc.integer({ min: 0, max: 10 }).map((times) => Flash({ lightSwitchId: 'hall', times })),
)

test('a class and functions that say the same give the same history, answer by answer', async () => {
  const property = fc.asyncProperty(fc.array(anyCommand, { maxLength: 40 }), async (commands) => {
    const histories = []
    for (const form of [lightSwitch, lightFunctions]) {
      const headwater = await running(app({ name: 'lights', aggregates: [form] }))
      const outcomes = []
      for (const [index, command] of commands.entries()) {
        const options = {
          id: `c${index}`,
          actor: index % 2 === 0 ? 'ada' : null,
          occurredAt: new Date(index),
        }
        outcomes.push(await headwater.execute(command, options))
      }
      const { items } = await headwater.history('lightSwitch-hall', { limit: 1_000 })
      const facts = items.map(({ event, state }) => ({ ...event.toJSON(), recordedAt: '', state }))
      histories.push({ outcomes, facts })
      await headwater.close()
    }
    expect(histories[0]).toEqual(histories[1])
  })
  await fc.assert(property, { numRuns: 60 })
})

test('an instance shows what it is when it is printed', async () => {
  const headwater = await running(lights)
  const light = await headwater.repository(LightSwitch).load('hall')
  expect(inspect(light)).toContain('shines: false')
})
