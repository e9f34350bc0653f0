import assert from 'node:assert/strict'
import type { EventRow, Log } from '@headwater/core'
import { law } from '../law.ts'
import { anEvent, appended, aRequest, readAll, record, to } from '../make.ts'

/** Asks on until there is nothing left, as readers do. */
async function allAt(log: Log, positions: readonly number[]): Promise<readonly EventRow[]> {
  const found: EventRow[] = []
  for (let left = positions; left.length > 0; ) {
    const page = await log.readAt({ branch: 0, positions: left })
    const last = page.at(-1)?.position
    if (last === undefined) return found
    assert.ok(
      page.every(({ position }) => left.includes(position)),
      'only what was asked for is given',
    )
    found.push(...page)
    left = left.filter((position) => position > last)
  }
  return found
}

const positionsOf = (events: readonly EventRow[]): readonly number[] => events.map(({ position }) => position)

export const positionLaws = [
  law('the events at positions are those that the log has there, in order', async (trial) => {
    const store = await trial.open()
    for (let index = 1; index <= 20; index++) {
      const tenant = index % 2 === 0 ? 'acme' : ''
      await appended(store.log, aRequest([to(`s-${index % 3}`, 2)], { tenant }))
    }
    const events = await readAll(store.log)
    for (const positions of [[1], [40], [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37], positionsOf(events)]) {
      assert.deepEqual(
        await allAt(store.log, positions),
        events.filter(({ position }) => positions.includes(position)),
      )
    }
  }),

  law('what is not at a position is left out', async (trial) => {
    const store = await trial.open()
    assert.deepEqual(await store.log.readAt({ branch: 0, positions: [1, 2] }), [])
    await record(store, 'a-1', 3)
    assert.deepEqual(await store.log.readAt({ branch: 0, positions: [] }), [])
    assert.deepEqual(positionsOf(await allAt(store.log, [2, 4, 1_000])), [2])
  }),

  law('large events at positions come in pieces, none of them missing', async (trial) => {
    const store = await trial.open()
    const data = JSON.stringify('x'.repeat(3 * 1024 * 1024))
    for (let index = 0; index < 4; index++)
      await appended(store.log, aRequest([to(`large-${index}`, [anEvent({ data }), anEvent()])]))
    const positions = [1, 2, 3, 4, 5, 6, 7]
    const found = await allAt(store.log, positions)
    assert.deepEqual(positionsOf(found), positions)
    const small = anEvent().data.length
    assert.deepEqual(
      found.map((event) => event.data.length),
      positions.map((position) => (position % 2 === 1 ? data.length : small)),
    )
  }),

  law('a thousand positions are read at once', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 1_500)
    const positions = Array.from({ length: 1_000 }, (_, index) => index + 400)
    assert.deepEqual(positionsOf(await allAt(store.log, positions)), positions)
  }),
]
