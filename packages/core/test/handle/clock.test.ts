import {
  aggregate,
  app,
  command,
  event,
  memoryStore,
  openStore,
  subscription,
  systemClock,
} from '@headwater/core'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { until } from '../support/running.ts'

const Rung = event('Rung', z.object({}))
const Ring = command('Ring', z.object({ bellId: z.string() }))

const bell = aggregate('bell', {
  events: [Rung],
  commands: [Ring],
  initial: { rings: 0 },
  evolve: { Rung: ({ rings }) => ({ rings: rings + 1 }) },
  decide: { Ring: () => Rung({}) },
})

test('the pause before a retry is slept on the clock that the runtime was given', async () => {
  const slept: number[] = []
  const flaky = subscription('flaky', {
    events: [Rung],
    handle: (_event, { attempt }) => {
      if (attempt < 4) throw new Error('not yet')
    },
    retry: { delay: 60_000, longestDelay: 90_000 },
  })
  const headwater = await openStore(
    app({ name: 'bells', aggregates: [bell], subscriptions: [flaky] }),
    memoryStore(),
    {
      clock: {
        now: () => 0,
        sleep: async (milliseconds) => void slept.push(milliseconds),
        idle: async () => undefined,
        every: () => () => undefined,
      },
    },
  )
  onTestFinished(() => headwater.close())
  const { position } = await headwater.execute(Ring({ bellId: 'a' }))
  await headwater.processor(flaky).waitFor(position ?? 0)
  expect(slept).toEqual([60_000, 90_000, 90_000])
})

test('a parked event is parked at the clock’s time', async () => {
  const broken = subscription('broken', {
    events: [Rung],
    handle: () => {
      throw new Error('never')
    },
    retry: { attempts: 1 },
  })
  const headwater = await openStore(
    app({ name: 'bells', aggregates: [bell], subscriptions: [broken] }),
    memoryStore(),
    {
      clock: { ...systemClock, now: () => 86_400_000 },
      onError: () => undefined,
    },
  )
  onTestFinished(() => headwater.close())
  await headwater.execute(Ring({ bellId: 'a' }))
  await until(async () => (await headwater.processor(broken).parked.list()).length === 1)
  expect((await headwater.processor(broken).parked.list())[0]?.parkedAt).toEqual(new Date(86_400_000))
})

test('commands and appends get their ids from where the runtime was told', async () => {
  let made = 0
  const headwater = await openStore(app({ name: 'bells', aggregates: [bell] }), memoryStore(), {
    newId: () => `id-${++made}`,
  })
  onTestFinished(() => headwater.close())
  expect((await headwater.execute(Ring({ bellId: 'a' }))).commandId).toBe('id-1')
  expect((await headwater.append('bell-a', [Rung({})])).id).toBe('id-2')
  expect(headwater.dispatch(Ring({ bellId: 'a' }))).toBe('id-3')
})
