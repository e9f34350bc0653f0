import {
  aggregate,
  app,
  command,
  event,
  type Headwater,
  HeadwaterError,
  historyView,
  memoryStore,
  openStore,
  reject,
} from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { storesOf } from '../support/stores.ts'

const Read = event('Read', z.object({ kwh: z.number() }))
const Take = command('Take', z.object({ meterId: z.string(), kwh: z.number(), day: z.number() }))

const dayOf = (day: number): Date => new Date(Date.UTC(2026, 0, 1 + day))

/** Its state tells in which order it was folded. */
const meter = aggregate('meter', {
  events: [Read],
  commands: [Take],
  order: 'occurred',
  initial: { readings: [] as readonly number[] },
  evolve: { Read: ({ readings }, { data }) => ({ readings: [...readings, data.kwh] }) },
  decide: {
    Take: ({ readings }, { kwh, day }) =>
      readings.includes(kwh) ? reject('twice') : Read({ kwh }, { occurredAt: dayOf(day) }),
  },
  snapshots: { every: 3 },
})
const meters = app({ name: 'meters', aggregates: [meter] })

interface Reading {
  readonly kwh: number
  readonly day: number
  /** By a command, an append, or as an amendment of one before: which is then another one, or none, or has it behind itself. */
  readonly how: 'command' | 'append' | 'replace' | 'omit' | 'insert' | 'snapshot'
  readonly of: number
}

const aReading = fc.record({
  day: fc.integer({ min: 0, max: 6 }),
  how: fc.constantFrom<Reading['how']>(
    'command',
    'command',
    'append',
    'replace',
    'omit',
    'insert',
    'snapshot',
  ),
  of: fc.nat(),
})
const someReadings = fc
  .array(aReading, { minLength: 1, maxLength: 14 })
  .map((all) => all.map((one, index): Reading => ({ ...one, kwh: index })))

/** What stands in the stream, in the order of the effective history. */
interface Standing {
  readonly id: string
  readonly kwh: number
  readonly day: number
  readonly isOmitted: boolean
}

class Model {
  all: readonly Standing[] = []
  /** What was folded after so many positions. */
  readonly at: (readonly number[])[] = [[]]

  state(upTo = Number.POSITIVE_INFINITY): readonly number[] {
    return this.all
      .filter(({ isOmitted, day }) => !isOmitted && day <= upTo)
      .toSorted((one, other) => one.day - other.day)
      .map(({ kwh }) => kwh)
  }

  change(all: readonly Standing[]): void {
    this.all = all
    this.at.push(this.state())
  }
}

async function happen(headwater: Headwater, model: Model, { kwh, day, how, of }: Reading): Promise<void> {
  const occurredAt = dayOf(day)
  const target = model.all.length === 0 ? undefined : of % model.all.length
  const id = model.all[target ?? 0]?.id ?? ''
  if (how === 'snapshot') {
    await headwater.snapshots.take({ stream: 'meter-a' })
  } else if (how === 'command' || target === undefined) {
    const { events } = await headwater.execute(Take({ meterId: 'a', kwh, day }))
    model.change([...model.all, { id: events[0]?.id ?? '', kwh, day, isOmitted: false }])
  } else if (how === 'append') {
    const { events } = await headwater.append('meter-a', [Read({ kwh }, { occurredAt })])
    model.change([...model.all, { id: events[0]?.id ?? '', kwh, day, isOmitted: false }])
  } else if (how === 'omit') {
    await headwater.ignore(id, { why: 'wrong' })
    model.change(model.all.map((one) => (one.id === id ? { ...one, isOmitted: true } : one)))
  } else if (how === 'replace') {
    await headwater.correct(id, Read({ kwh }, { occurredAt }), { why: 'misread' })
    model.change(model.all.map((one) => (one.id === id ? { ...one, kwh, day, isOmitted: false } : one)))
  } else {
    // Each at the very end, where it makes no difference which were inserted there before.
    const after = model.all.at(-1)?.id ?? ''
    const edits = [{ insert: Read({ kwh }, { occurredAt }), after }]
    const { amendments } = await headwater.amend(edits, { why: 'left out' })
    model.change([...model.all, { id: amendments[0]?.id ?? '', kwh, day, isOmitted: false }])
  }
}

const readingsOf = (state: unknown) => (state as { readonly readings: readonly number[] }).readings

describe.each(
  storesOf('late-events'),
)('an aggregate that folds as events occurred, with %s,', (name, make) => {
  const silent = { onError: () => undefined }

  it('has the state of events that were recorded in time, at every step and on every way', async () => {
    await fc.assert(
      fc.asyncProperty(someReadings, async (readings) => {
        const store = await make()
        const headwater = await openStore(meters, store, silent)
        const model = new Model()
        for (const reading of readings) {
          await happen(headwater, model, reading)
          const { state } = await headwater.state(meter, 'a')
          expect(state.readings).toEqual(model.state())
        }
        // One that has nothing in memory, and may begin with a snapshot.
        const other = await openStore(meters, store, silent)
        expect((await other.state(meter, 'a')).state.readings).toEqual(model.state())
        for (const [at, expected] of model.at.entries())
          expect((await other.state(meter, 'a', { at })).state.readings).toEqual(expected)
        for (let day = 0; day <= 6; day += 1) {
          const { state } = await other.state(meter, 'a', { at: dayOf(day) })
          expect(state.readings).toEqual(model.state(day))
        }
        const { items } = await other.history('meter-a')
        expect(readingsOf(items.at(-1)?.state ?? { readings: [] })).toEqual(model.state())
        for await (const { difference } of other.snapshots.verify()) expect(difference).toBeNull()
        await headwater.close()
        await other.close()
      }),
      { numRuns: name === 'PostgreSQL' ? 8 : 25 },
    )
  })

  it('decides on what had occurred, and on a branch as well', async () => {
    const headwater = await openStore(meters, await make(), silent)
    for (const [kwh, day] of [
      [1, 3],
      [2, 5],
      [3, 4],
    ] as const)
      await headwater.execute(Take({ meterId: 'a', kwh, day }))
    await headwater.branches.create('other', { at: 2 })
    const branch = headwater.branch('other')
    await branch.execute(Take({ meterId: 'a', kwh: 9, day: 0 }))
    expect((await branch.state(meter, 'a')).state.readings).toEqual([9, 1, 2])
    expect((await headwater.state(meter, 'a')).state.readings).toEqual([1, 3, 2])
    expect((await branch.execute(Take({ meterId: 'a', kwh: 9, day: 7 }))).status).toBe('rejected')
    await headwater.close()
  })

  it('is shown by the debugger as it was known at each position', async () => {
    const headwater = await openStore(meters, await make(), silent)
    for (const [kwh, day] of [
      [1, 3],
      [2, 5],
      [3, 4],
    ] as const)
      await headwater.execute(Take({ meterId: 'a', kwh, day }))
    const session = await headwater.debug({ from: 2 })
    const step = await session.step()
    expect(step?.aggregate).toMatchObject({ before: { readings: [1, 2] }, after: { readings: [1, 3, 2] } })
    await headwater.close()
  })
})

describe('an aggregate that folds as events occurred', () => {
  it('takes long streams in which few events are late', async () => {
    const headwater = await openStore(meters, memoryStore(), { onError: () => undefined })
    const days = Array.from({ length: 5_000 }, (_, index) => (index % 500 === 7 ? index - 3.5 : index))
    const events = days.map((day, kwh) => Read({ kwh }, { occurredAt: dayOf(day) }))
    for (let start = 0; start < events.length; start += 500)
      await headwater.append('meter-a', events.slice(start, start + 500))
    const expected = [...days.keys()].sort((one, other) => (days[one] ?? 0) - (days[other] ?? 0))
    expect((await headwater.state(meter, 'a')).state.readings).toEqual(expected)
    expect((await headwater.state(meter, 'a', { at: 5_000 })).state.readings).toEqual(expected)
    await headwater.close()
  })

  it('has no history in pages, which go by revisions', () => {
    expect(() => historyView('past', meter)).toThrow(HeadwaterError)
  })
})
