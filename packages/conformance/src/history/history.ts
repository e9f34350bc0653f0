import assert from 'node:assert/strict'
import fc from 'fast-check'
import { memoryStore } from '@headwater/core'
import { chase } from '../chase.ts'
import { law } from '../law.ts'
import { otherBranch } from '../make.ts'
import { rounds } from '../trial.ts'
import { answersOf, contentsOf, timesOf } from './run.ts'
import { histories } from './steps.ts'

const runs = { numRuns: 40 * rounds }
const ignore = (): void => undefined

export const historyLaws = [
  law('any history gets the answers that the reference gives, and leaves the same behind', async (trial) => {
    const history = fc.asyncProperty(histories, async (steps) => {
      const [store, reference] = [await trial.openNew(), memoryStore()]
      assert.deepEqual(await answersOf(store, steps, ignore), await answersOf(reference, steps, ignore))
      assert.deepEqual(await contentsOf(store), await contentsOf(reference))
      await store.close()
    })
    await fc.assert(history, runs)
  }),

  law(
    'any history with any clock has the recorded times of the reference',
    async (trial) => {
      const history = fc.asyncProperty(histories, async (steps) => {
        const times: (readonly number[])[] = []
        for (const open of [trial.openNew.bind(trial), async (now: () => number) => memoryStore({ now })]) {
          let now = 1_000_000
          const store = await open(() => now)
          await answersOf(store, steps, (by) => {
            now += by
          })
          times.push(await timesOf(store))
          await store.close()
        }
        assert.deepEqual(times[0], times[1])
      })
      await fc.assert(history, runs)
    },
    'virtualTime',
  ),

  law('any history that is sent all at once leaves logs without a gap', async (trial) => {
    const history = fc.asyncProperty(histories, async (steps) => {
      const store = await trial.openNew()
      await Promise.all(steps.map((step) => answersOf(store, [step], ignore)))
      for (const branch of [0, await otherBranch(store)]) {
        const { position } = await store.log.head(branch)
        await chase(store.log, { limit: 4, until: () => position, branch })
      }
      await store.close()
    })
    await fc.assert(history, runs)
  }),
]
