import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Store } from '@headwater/core'
import { law } from '../law.ts'
import { anEvent, appended, aRequest, record, to } from '../make.ts'
import { forAny } from '../property.ts'

const streams = ['a-1', 'b-1', 'c-1', 'd-1'] as const

/** Everything that reads give of the first events of a log. */
async function contentsOf({ log }: Store, position?: number): Promise<unknown> {
  const to = position === undefined ? {} : { to: position }
  const scope = { branch: 0, tenant: '' }
  const contents: unknown[] = []
  for (const filter of [{}, { types: ['Red'] }, { query: { items: [{ tags: ['x'] }] } }]) {
    for (let after = 0; ; ) {
      const page = await log.read({ ...scope, ...filter, after, limit: 4, ...to })
      contents.push(...page.events.map(({ position: at, stream, revision }) => ({ at, stream, revision })))
      if (page.scannedTo >= page.head) {
        contents.push(page.head)
        break
      }
      after = page.scannedTo
    }
  }
  for (const stream of [...streams, 'none-1']) {
    const page = await log.readStream({ ...scope, stream, after: 1, limit: 100, ...to })
    contents.push([page.revision, page.events.map(({ position: at }) => at)])
  }
  contents.push(await log.listStreams({ ...scope, prefix: '', after: '', limit: 3, ...to }))
  contents.push(await log.listStreams({ ...scope, prefix: '', after: 'a-1', limit: 3, ...to }))
  return contents
}

export const boundedLaws = [
  law(
    'the log up to a position is what it was when it ended there',
    async (trial) => {
      const appends = fc.array(
        fc.record({
          stream: fc.constantFrom(...streams),
          tenant: fc.constantFrom('', '', 'other'),
          events: fc.array(
            fc.record({ type: fc.constantFrom('Red', 'Green'), tags: fc.subarray(['x', 'y']) }),
            { minLength: 1, maxLength: 3 },
          ),
        }),
        { minLength: 1, maxLength: 20 },
      )
      await forAny(
        trial,
        [appends],
        async (part, history) => {
          const store = await part.open()
          const was = new Map<number, unknown>([[0, await contentsOf(store)]])
          for (const { stream, tenant, events } of history) {
            await appended(store.log, aRequest([to(stream, events.map(anEvent))], { tenant }))
            was.set((await store.log.head(0)).position, await contentsOf(store))
          }
          for (const [position, contents] of was)
            assert.deepEqual(await contentsOf(store, position), contents, `at position ${position}`)
        },
        { runs: 15 },
      )
    },
    'branches',
  ),

  law(
    'the log up to a position that is still to come is all of it',
    async (trial) => {
      const store = await trial.open()
      await record(store, 'a-1', 3)
      assert.deepEqual(await contentsOf(store, 9), await contentsOf(store))
      const page = await store.log.read({ branch: 0, tenant: undefined, after: 1, to: 9, limit: 10 })
      assert.deepEqual([page.events.length, page.scannedTo, page.head], [2, 3, 3])
    },
    'branches',
  ),
]
