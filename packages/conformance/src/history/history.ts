import assert from 'node:assert/strict'
import { memoryStore } from '@headwater/core'
import { chase } from '../chase.ts'
import { law } from '../law.ts'
import { otherBranch } from '../make.ts'
import { forAny } from '../property.ts'
import { answersOf, contentsOf, timesOf } from './run.ts'
import { histories } from './steps.ts'

const runs = { runs: 40 }
const ignore = (): void => undefined

export const historyLaws = [
  law('any history gets the answers that the reference gives, and leaves the same behind', async (trial) => {
    await forAny(
      trial,
      [histories],
      async (part, steps) => {
        const [store, reference] = [await part.open(), memoryStore()]
        assert.deepEqual(await answersOf(store, steps, ignore), await answersOf(reference, steps, ignore))
        assert.deepEqual(await contentsOf(store), await contentsOf(reference))
      },
      runs,
    )
  }),

  law(
    'any history with any clock has the recorded times of the reference',
    async (trial) => {
      await forAny(
        trial,
        [histories],
        async (part, steps) => {
          const times: (readonly number[])[] = []
          for (const open of [part.open.bind(part), async (now: () => number) => memoryStore({ now })]) {
            let now = 1_000_000
            const store = await open(() => now)
            await answersOf(store, steps, (by) => {
              now += by
            })
            times.push(await timesOf(store))
          }
          assert.deepEqual(times[0], times[1])
        },
        runs,
      )
    },
    'virtualTime',
  ),

  law('any history that is sent all at once leaves logs without a gap', async (trial) => {
    await forAny(
      trial,
      [histories],
      async (part, steps) => {
        const store = await part.open()
        await Promise.all(steps.map((step) => answersOf(store, [step], ignore)))
        for (const branch of [0, await otherBranch(store)]) {
          const { position } = await store.log.head(branch)
          await chase(store.log, { limit: 4, until: () => position, branch })
        }
      },
      runs,
    )
  }),
]
