import { app, checkApp, event, memoryStore } from '@headwater/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { counter, Increment, Incremented, LimitReached } from '../support/counter.ts'
import { running } from '../support/running.ts'

const counters = app({ name: 'counters', aggregates: [counter] })
const why = 'it was so'

/** A counter that was incremented by 1, by 2 and by 3; gives the events' ids. */
async function counted(store = memoryStore()) {
  const headwater = await running(counters, { store })
  const ids: string[] = []
  for (const by of [1, 2, 3]) {
    const { events } = await headwater.execute(Increment({ counterId: 'a', by }))
    ids.push(...events.map(({ id }) => id))
  }
  const [one = '', two = '', three = ''] = ids
  return { headwater, one, two, three }
}

describe('an amended history', () => {
  test('shows what counts, what does not, and who said so', async () => {
    const { headwater, one, two } = await counted()
    const { amendments } = await headwater.amend(
      [
        { omit: one },
        { replace: two, by: Incremented({ by: 20 }) },
        { insert: Incremented({ by: 5 }), after: one },
      ],
      { why: 'counted again', actor: 'ada' },
    )
    const { items, revision } = await headwater.history('counter-a')
    expect(revision).toBe(6)
    expect(items.map(({ event, state }) => [event.id, event.data, event.amended?.edit, state])).toEqual([
      [one, { by: 1 }, 'omit', { value: 0 }],
      [amendments[2]?.id, { by: 5 }, 'insert', { value: 5 }],
      [two, { by: 20 }, 'replace', { value: 25 }],
      [items[3]?.event.id, { by: 3 }, undefined, { value: 28 }],
    ])
    const [first, , replaced] = items.map(({ event }) => event)
    expect(first?.amended).toMatchObject({
      by: 'ada',
      why: 'counted again',
      id: amendments[0]?.id,
      position: 4,
    })
    expect(replaced?.asRecorded().data).toEqual({ by: 2 })
    expect(replaced?.toJSON().amended?.at).toMatch(/^\d{4}-/)
  })

  test('can be read in pages, behind an inserted event as well', async () => {
    const { headwater, one } = await counted()
    await headwater.amend([{ insert: Incremented({ by: 5 }), after: one }], { why })
    const all = (await headwater.history('counter-a')).items
    for (let size = 1; size <= 4; size += 1) {
      const items: (typeof all)[number][] = []
      for (;;) {
        const after = items.at(-1)?.event.revision ?? 0
        const page = await headwater.history('counter-a', { after, limit: size })
        expect(page.initial).toEqual(items.at(-1)?.state ?? { value: 0 })
        items.push(...page.items)
        if (page.items.length < size) break
      }
      expect(items.map(({ state }) => state)).toEqual(all.map(({ state }) => state))
    }
  })

  test('is checked like any other: what amendments put into it has to fit too', async () => {
    const store = memoryStore()
    const { headwater, one } = await counted(store)
    await headwater.correct(one, Incremented({ by: 7 }), { why })
    const stricter = event('Incremented', z.object({ by: z.number().max(5) }))
    const found: unknown[] = []
    const today = app({ name: 'counters', events: [stricter, LimitReached] })
    for await (const page of checkApp(today, store))
      found.push(...page.misfits.map(({ type, position }) => [type, position]))
    expect(found).toEqual([['Incremented', 4]])
  })
})

describe('what can not be amended', () => {
  const refusal = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'nothing was refused',
      (error: { code: string }) => error.code,
    )

  test('is an event that is not there', async () => {
    const { headwater } = await counted()
    expect(await refusal(headwater.ignore('nothing.1', { why }))).toBe('event.not-found')
  })

  test('is an amendment: what it is about can be', async () => {
    const { headwater, one } = await counted()
    const { amendments } = await headwater.ignore(one, { why })
    expect(await refusal(headwater.ignore(amendments[0]?.id ?? '', { why }))).toBe('amendment.invalid')
  })

  test('is a stream without events, and anything for no reason', async () => {
    const { headwater, one } = await counted()
    const first = { insert: Incremented({ by: 1 }), first: 'counter-b' }
    expect(await refusal(headwater.amend([first], { why }))).toBe('amendment.invalid')
    expect(await refusal(headwater.amend([], { why }))).toBe('amendment.invalid')
    expect(await refusal(headwater.ignore(one, { why: ' ' }))).toBe('amendment.invalid')
  })

  test('is an event by one that the app or the aggregate does not know', async () => {
    const { headwater, one } = await counted()
    const Unheard = event('Unheard', z.object({}))
    expect(await refusal(headwater.correct(one, Unheard({}), { why }))).toBe('event.unknown')
  })
})
