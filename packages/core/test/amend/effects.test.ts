import { aggregate, app, command, event, memoryStore, subscription } from '@headwater/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running } from '../support/running.ts'

const why = 'it was so'

test('no effect fires again, at whichever time a subscription is called', async () => {
  const heard: string[] = []
  const hear = (name: string, when: 'in-transaction' | 'after-commit' | 'async') =>
    subscription(name, {
      events: [Incremented],
      when,
      handle: () => void heard.push(name),
    })
  const subscriptions = [
    hear('within', 'in-transaction'),
    hear('after', 'after-commit'),
    hear('later', 'async'),
  ]
  const headwater = await running(app({ name: 'counters', aggregates: [counter], subscriptions }))
  const { events } = await headwater.execute(Increment({ counterId: 'a', by: 1 }))
  const id = events[0]?.id ?? ''
  await headwater.processor('later').waitFor(1)
  expect(heard.toSorted()).toEqual(['after', 'later', 'within'])
  await headwater.ignore(id, { why })
  await headwater.restore(id, { why })
  await headwater.correct(id, Incremented({ by: 7 }), { why })
  const { position } = await headwater.amend([{ insert: Incremented({ by: 2 }), after: id }], { why })
  await headwater.processor('later').waitFor(position)
  expect(heard).toHaveLength(3)
  expect((await headwater.state(counter, 'a')).state).toEqual({ value: 9 })
})

test('what an amendment says is brought to the current version, like any event', async () => {
  const Weigh = command('Weigh', z.object({ scaleId: z.string(), grams: z.number() }))
  const before = event('Weighed', z.object({ grams: z.number() }))
  const scaleOf = (Weighed: typeof before) =>
    aggregate('scale', {
      events: [Weighed],
      commands: [Weigh],
      initial: [] as readonly unknown[],
      evolve: { Weighed: (all, { data, version }) => [...all, { ...data, version }] },
      decide: { Weigh: (_all, { grams }) => Weighed({ grams }) },
    })
  const store = { ...memoryStore(), close: () => Promise.resolve() }
  const old = await running(app({ name: 'scales', aggregates: [scaleOf(before)] }), { store })
  const one = await old.execute(Weigh({ scaleId: 'a', grams: 1_000 }))
  const two = await old.execute(Weigh({ scaleId: 'a', grams: 2_000 }))
  await old.correct(one.events[0]?.id ?? '', before({ grams: 1_500 }), { why })
  await old.amend([{ insert: before({ grams: 10 }), after: two.events[0]?.id ?? '' }], { why })

  const Weighed = event('Weighed', z.object({ kilograms: z.number() }), {
    version: 2,
    upcast: { 1: ({ grams }: { readonly grams: number }) => ({ kilograms: grams / 1_000 }) },
  })
  const scale = scaleOf(Weighed as never)
  const today = await running(app({ name: 'scales', aggregates: [scale] }), { store })
  const weighed = async () => (await today.state('scale-a')).state
  expect(await weighed()).toEqual([
    { kilograms: 1.5, version: 2 },
    { kilograms: 2, version: 2 },
    { kilograms: 0.01, version: 2 },
  ])
  await today.correct(two.events[0]?.id ?? '', Weighed({ kilograms: 3 }), { why })
  expect(await weighed()).toMatchObject([{ kilograms: 1.5 }, { kilograms: 3 }, { kilograms: 0.01 }])
  // Who has the older code leaves it to others.
  await expect(old.state('scale-a')).rejects.toMatchObject({ code: 'event.newer-version' })
})
