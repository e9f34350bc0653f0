import { aggregate, app, command, event, memoryStore, openStore, subscription, view } from '@headwater/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { until } from '../support/running.ts'

const Increment = command('Increment', z.object({ counterId: z.string() }))

/** The same app as one version of its code or the next defines it. */
function appOf(version: number, handled: number[]) {
  const Incremented = event('Incremented', z.object({}), {
    version,
    ...(version > 1 && { upcast: { 1: (old: object) => old } }),
  })
  const counter = aggregate('counter', {
    events: [Incremented],
    commands: [Increment],
    initial: 0,
    evolve: { Incremented: (count) => count + 1 },
    decide: { Increment: () => Incremented({}) },
  })
  const counts = view('counts', {
    events: [Incremented],
    initial: 0,
    on: { Incremented: (count) => count + 1 },
  })
  const note = subscription('note', {
    events: [Incremented],
    handle: ({ position }) => void handled.push(position),
  })
  return app({ name: 'counting', aggregates: [counter], views: [counts], subscriptions: [note] })
}

it('an older process lets go where it meets a newer version, parks nothing, and a newer process goes on', async () => {
  const kept = { ...memoryStore(), close: async () => undefined }
  const byOld: number[] = []
  const byNew: number[] = []
  const old = await openStore(appOf(1, byOld), kept, { onError: () => undefined })
  await old.execute(Increment({ counterId: 'a' }))
  await Promise.all(old.processors.map((processor) => processor.waitFor(1)))

  const next = await openStore(appOf(2, byNew), kept)
  await next.execute(Increment({ counterId: 'a' }))
  await Promise.all(next.processors.map((processor) => processor.waitFor(2, { timeLimit: 60_000 })))
  expect([byOld, byNew]).toEqual([[1], [2]])
  await until(async () => (await old.processor('note').summary()).status !== 'running')
  expect(await old.processor('note').parked.list()).toEqual([])
  expect(await next.view('counts').get('a')).toMatchObject({ doc: 2 })
  await expect(old.execute(Increment({ counterId: 'a' }))).rejects.toMatchObject({
    code: 'event.newer-version',
  })
  await old.close()
  await next.close()
})
