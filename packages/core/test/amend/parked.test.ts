import { app, view } from '@headwater/core'
import { describe, expect, test } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running, until } from '../support/running.ts'

const why = 'it was so'

/** A view that can't fold 13. */
const sums = view('sums', {
  events: [Incremented],
  initial: { sum: 0 },
  on: {
    Incremented: ({ sum }, { data }) => {
      if (data.by === 13) throw new Error('No 13 here')
      return { sum: sum + data.by }
    },
  },
})
const counters = app({ name: 'counters', aggregates: [counter], views: [sums] })

/** A counter that was incremented by these; gives the events' ids. */
async function counted(...numbers: readonly number[]) {
  const headwater = await running(counters)
  const ids: string[] = []
  for (const by of numbers) {
    const { events } = await headwater.execute(Increment({ counterId: 'a', by }))
    ids.push(...events.map(({ id }) => id))
  }
  const sum = async (): Promise<number | undefined> => {
    const waitFor = await headwater.lastPosition()
    return (await headwater.view(sums).get('a', { waitFor }))?.doc.sum
  }
  const parked = async (): Promise<number> => (await headwater.processor(sums).summary()).parked
  return { headwater, ids, sum, parked }
}

describe('a view that has parked what it can’t fold', () => {
  test('goes on when the event at fault is ignored', async () => {
    const { headwater, ids, sum, parked } = await counted(1, 13, 2)
    expect(await sum()).toBe(1)
    await headwater.ignore(ids[1] ?? '', { why })
    await until(async () => (await parked()) === 0)
    expect(await sum()).toBe(3)
    await headwater.execute(Increment({ counterId: 'a', by: 4 }))
    expect(await sum()).toBe(7)
  })

  test('goes on when the event at fault is corrected', async () => {
    const { headwater, ids, sum, parked } = await counted(1, 13, 2)
    expect(await sum()).toBe(1)
    await headwater.correct(ids[1] ?? '', Incremented({ by: 30 }), { why })
    await until(async () => (await parked()) === 0)
    expect(await sum()).toBe(33)
  })

  test('stays where it is while another event of the same key is amended', async () => {
    const { headwater, ids, sum, parked } = await counted(1, 13, 2)
    await headwater.correct(ids[0] ?? '', Incremented({ by: 100 }), { why })
    expect(await sum()).toBe(1)
    expect(await parked()).toBe(3)
    await headwater.ignore(ids[1] ?? '', { why })
    await until(async () => (await parked()) === 0)
    expect(await sum()).toBe(102)
  })
})

describe('an amendment that a view can’t fold', () => {
  test('is parked with what follows, and cured by the next one', async () => {
    const { headwater, ids, sum, parked } = await counted(1, 2)
    expect(await sum()).toBe(3)
    await headwater.correct(ids[1] ?? '', Incremented({ by: 13 }), { why })
    await headwater.execute(Increment({ counterId: 'a', by: 5 }))
    expect(await sum()).toBe(3)
    expect(await parked()).toBe(2)
    expect(headwater.failures.at(-1)?.error).toEqual(new Error('No 13 here'))
    await headwater.correct(ids[1] ?? '', Incremented({ by: 20 }), { why })
    await until(async () => (await parked()) === 0)
    expect(await sum()).toBe(26)
  })
})
