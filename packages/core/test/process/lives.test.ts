import { app, openStore, subscription, view } from '@headwater/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { lastingStore } from '../support/mortal.ts'

const keys = ['a', 'b', 'c', 'd', 'e']

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('record' as const), key: fc.constantFrom(...keys) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('kill' as const, 'close' as const, 'pause' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('resume' as const, 'split' as const, 'merge' as const) }),
  },
)

it('whoever is killed, paused, or divided, no event is missed, views see each once, and keys keep their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 20 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, n) => {
        const lasting = lastingStore()
        const handled = new Map<string, number[]>()
        const begin = async () => {
          const life = lasting.mortal()
          const noted = subscription('noted', {
            events: [Incremented],
            partitions: n,
            handle: async ({ aggregateId, revision }) => {
              await new Promise(setImmediate)
              if (!life.isDead()) handled.set(aggregateId, [...(handled.get(aggregateId) ?? []), revision])
            },
          })
          const totals = view('totals', {
            events: [Incremented],
            partitions: n,
            initial: 0,
            on: { Incremented: (sum, { data }) => sum + data.by },
          })
          const definition = app({
            name: 'lives',
            aggregates: [counter],
            views: [totals],
            subscriptions: [noted],
          })
          return {
            life,
            headwater: await openStore(definition, life.store, {
              leaseDuration: 60,
              onError: () => undefined,
            }),
          }
        }
        let runs = await begin()
        const recorded = new Map<string, number>()
        for (const { kind, ...given } of steps) {
          if (kind === 'record' && 'key' in given) {
            await runs.headwater.execute(Increment({ counterId: given.key }))
            recorded.set(given.key, (recorded.get(given.key) ?? 0) + 1)
          } else if (kind === 'kill' || kind === 'close') {
            if (kind === 'kill') runs.life.kill()
            else await runs.headwater.close()
            runs = await begin()
          } else if (kind === 'pause' || kind === 'resume') await runs.headwater.processor('totals')[kind]()
          else if (kind === 'split' || kind === 'merge') {
            // There may be nothing to be merged, or nothing yet that could be.
            await Promise.allSettled(
              ['noted', 'totals'].map((name) => runs.headwater.processor(name)[kind]()),
            )
          }
        }
        await runs.headwater.processor('totals').resume()
        const { position } = await runs.headwater.head()
        for (const name of ['noted', 'totals'])
          await runs.headwater.processor(name).waitFor(position, { timeLimit: 60_000 })
        for (const [key, count] of recorded) {
          expect((await runs.headwater.view('totals').get(key))?.doc).toBe(count)
          const firsts = [...new Set(handled.get(key))]
          expect(firsts).toEqual(Array.from({ length: count }, (_, index) => index + 1))
        }
        await runs.headwater.close()
      },
    ),
    { numRuns: 12 },
  )
})
