import {
  type Aggregate,
  aggregateClass,
  aggregateOf,
  app,
  command,
  event,
  machine,
  memoryStore,
  type Store,
} from '@headwater/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { running, until } from '../support/running.ts'

const Turned = event('Turned', z.object({}))
const Turn = command('Turn', z.object({ wheelId: z.string() }))
const messages = { events: [Turned], commands: [Turn] }
const snapshots = { every: 3 }

class Wheel extends aggregateClass('wheel', {
  events: [Turned],
  initial: { turns: 0 },
  evolve: { Turned: ({ turns }) => ({ turns: turns + 1 }) },
  snapshots,
}) {
  turn(): void {
    this.raise(Turned({}))
  }
}

const asClass = aggregateOf(Wheel, { commands: [Turn], decide: { Turn: (wheel) => wheel.turn() } })

const asMachine = machine('wheel', {
  ...messages,
  snapshots,
  context: { turns: 0 },
  evolve: { Turned: ({ turns }) => ({ turns: turns + 1 }) },
  initial: 'left',
  states: {
    left: { commands: { Turn: 'Turned' }, on: { Turned: 'right' } },
    right: { commands: { Turn: 'Turned' }, on: { Turned: 'left' } },
  },
})

const forms: readonly (readonly [string, Aggregate])[] = [
  ['a class', asClass],
  ['a machine', asMachine],
]

test.each(forms)('%s goes on from its snapshot', async (_form, wheel) => {
  const store: Store = { ...memoryStore(), close: () => Promise.resolve() }
  const wheels = app({ name: 'wheels', aggregates: [wheel] })
  const first = await running(wheels, { store })
  for (let n = 0; n < 4; n += 1) await first.execute(Turn({ wheelId: 'a' }))
  await until(async () => (await store.snapshots.find(0, '', 'wheel-a')) !== undefined)
  const before = await first.state(wheel, 'a')
  await first.close()
  const again = await running(wheels, { store })
  expect(await again.state(wheel, 'a')).toEqual(before)
  await again.execute(Turn({ wheelId: 'a' }))
  expect((await again.state(wheel, 'a')).revision).toBe(5)
})

test('a repository loads from a snapshot, too', async () => {
  const store: Store = { ...memoryStore(), close: () => Promise.resolve() }
  const wheels = app({ name: 'wheels', aggregates: [asClass] })
  const first = await running(wheels, { store })
  await first.repository(Wheel).aggregate('a', (wheel) => {
    for (let n = 0; n < 5; n += 1) wheel.turn()
  })
  await until(async () => (await store.snapshots.find(0, '', 'wheel-a')) !== undefined)
  await first.close()
  const again = await running(wheels, { store })
  const wheel = await again.repository(Wheel).load('a')
  wheel.turn()
  expect((await again.repository(Wheel).load('a')).revision).toBe(5)
  expect(wheel.revision).toBe(5)
})
