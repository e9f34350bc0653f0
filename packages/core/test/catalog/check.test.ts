import {
  aggregate,
  app,
  checkApp,
  CheckTally,
  command,
  event,
  memoryStore,
  openStore,
  type Misfit,
  type Store,
} from '@headwater/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Put = command('Put', z.object({ boxId: z.string(), amount: z.number() }))
const Close = command('Close', z.object({ boxId: z.string() }))

/** The first year: anything goes. */
const PutIn = event('PutIn', z.object({ amount: z.number() }))
const Closed = event('Closed', z.object({}))
const Moved = event('Moved', z.object({ to: z.string() }))
const before = app({
  name: 'boxes',
  aggregates: [
    aggregate('box', {
      events: [PutIn, Closed, Moved],
      commands: [Put, Close],
      initial: 0,
      evolve: { PutIn: (sum, { data }) => sum + data.amount, Closed: () => 0, Moved: (sum) => sum },
      decide: { Put: (_sum, { amount }) => PutIn({ amount }), Close: () => Closed({}) },
    }),
  ],
})

/** Today: whole things, counted; boxes are not closed any more, and only rooms are moved to. */
const wholeCount = z
  .int()
  .min(1)
  .refine((count) => {
    if (count === 99) throw new TypeError('the refinement is broken')
    return true
  })
/** A schema that throws where zod's would try again asynchronously. */
const room: StandardSchemaV1<{ to: string }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: () => {
      throw new TypeError('there are no rooms')
    },
  },
}
const MovedToday = event('Moved', room)
const PutInToday = event('PutIn', z.object({ count: wholeCount }), {
  version: 2,
  upcast: {
    1: ({ amount }: { readonly amount: number }) => {
      if (amount === 13) throw new RangeError('never thirteen')
      return { count: amount }
    },
  },
})
const PutToday = command('Put', z.object({ boxId: z.string(), amount: z.int() }))
const boxToday = aggregate('box', {
  events: [PutInToday],
  commands: [PutToday],
  initial: 0,
  evolve: { PutIn: (sum, { data }) => sum + data.count },
  decide: { Put: (_sum, { amount }) => PutInToday({ count: amount }) },
})
const today = app({ name: 'boxes', aggregates: [boxToday], events: [Moved] })

async function recorded(amounts: readonly number[], tenants: readonly string[] = ['']): Promise<Store> {
  const memory = memoryStore()
  const old = await openStore(before, { ...memory, close: async () => undefined })
  for (const tenant of tenants)
    for (const amount of amounts) await old.execute(Put({ boxId: 'a', amount }), { tenant })
  await old.close()
  return memory
}

async function misfitsOf(
  store: Store,
  options: Parameters<typeof checkApp>[2] = {},
): Promise<{ misfits: readonly Misfit[]; tally: CheckTally }> {
  const tally = new CheckTally()
  const misfits: Misfit[] = []
  for await (const page of checkApp(today, store, options)) {
    tally.add(page)
    misfits.push(...page.misfits)
  }
  return { misfits, tally }
}

describe('a check of recorded history', () => {
  it('finds nothing where all of it fits, and counts by type and version', async () => {
    const store = await recorded([1, 2, 3])
    const fresh = await openStore(today, { ...store, close: async () => undefined })
    await fresh.append('box-b', [PutInToday({ count: 1 })])
    await fresh.close()
    const { misfits, tally } = await misfitsOf(store)
    expect(misfits).toEqual([])
    expect(tally.misfits).toBe(0)
    expect(tally.counts).toEqual([
      { kind: 'event', type: 'PutIn', version: 1, count: 3, misfits: 0 },
      { kind: 'event', type: 'PutIn', version: 2, count: 1, misfits: 0 },
    ])
  })

  it('finds each event that today’s schema refuses, at its position, with the path of what is wrong', async () => {
    const { misfits } = await misfitsOf(await recorded([1, 0.5, 0]))
    expect(misfits).toMatchObject([
      {
        kind: 'event',
        position: 2,
        stream: 'box-a',
        revision: 2,
        type: 'PutIn',
        version: 1,
        code: 'event.invalid',
        issues: [{ path: ['count'] }],
      },
      { position: 3, code: 'event.invalid', issues: [{ path: ['count'] }] },
    ])
  })

  it('finds what an upcaster fails on, and goes on', async () => {
    const { misfits } = await misfitsOf(await recorded([13, 1, 13]))
    expect(misfits).toMatchObject([
      { position: 1, code: 'event.upcast-failed', message: expect.stringMatching(/never thirteen/) },
      { position: 3, code: 'event.upcast-failed' },
    ])
  })

  it('finds what a schema itself fails on, and goes on', async () => {
    const store = await recorded([99, 1, 99])
    const old = await openStore(before, { ...store, close: async () => undefined })
    await old.append('room-a', [Moved({ to: 'left' })])
    await old.close()
    const throwing = app({ name: 'rooms', aggregates: [boxToday], events: [MovedToday] })
    const misfits: Misfit[] = []
    for await (const page of checkApp(throwing, store)) misfits.push(...page.misfits)
    expect(misfits).toMatchObject([
      { position: 1, code: 'schema.asynchronous' },
      { position: 3, code: 'schema.asynchronous' },
      { position: 4, code: 'event.invalid', message: expect.stringMatching(/failed: there are no rooms/) },
    ])
  })

  it('finds types that are unknown, or unknown to the aggregate whose stream they are in', async () => {
    const store = await recorded([])
    const old = await openStore(before, { ...store, close: async () => undefined })
    await old.append('box-a', [Closed({}), Moved({ to: 'attic' })])
    await old.append('room-a', [Moved({ to: 'left' })])
    await old.close()
    const { misfits } = await misfitsOf(store)
    expect(misfits.map(({ position, code, message }) => [position, code, message])).toEqual([
      [1, 'event.unknown', 'This app defines no event type Closed'],
      [2, 'event.unknown', 'Aggregate box has no reducer for event Moved'],
    ])
  })

  it('finds versions that newer code has recorded', async () => {
    const memory = memoryStore()
    const next = event('PutIn', z.unknown(), {
      version: 3,
      upcast: { 1: (old: object) => old, 2: (old: object) => old },
    })
    const newer = await openStore(app({ name: 'boxes', events: [next] }), {
      ...memory,
      close: async () => undefined,
    })
    await newer.append('box-a', [next({})])
    await newer.close()
    const { misfits } = await misfitsOf(memory)
    expect(misfits).toMatchObject([{ position: 1, version: 3, code: 'event.newer-version' }])
  })

  it('covers every tenant, and says whose event it was', async () => {
    const { misfits } = await misfitsOf(await recorded([0], ['', 'north', 'south']))
    expect(misfits.map(({ tenant, position }) => [tenant, position])).toEqual([
      ['', 1],
      ['north', 2],
      ['south', 3],
    ])
  })

  it('may begin where an earlier one ended', async () => {
    const { misfits } = await misfitsOf(await recorded([0, 0, 0]), { after: 2 })
    expect(misfits.map(({ position }) => position)).toEqual([3])
  })

  it('covers the command log where that is wanted: types that are gone, data that is refused today', async () => {
    const store = await recorded([1, 0.5])
    const old = await openStore(before, { ...store, close: async () => undefined })
    await old.execute(Close({ boxId: 'b' }))
    await old.append('box-c', [PutIn({ amount: 1 })], { id: 'an-append-is-no-command' })
    await old.close()
    const { misfits, tally } = await misfitsOf(store, { withCommands: true })
    expect(misfits.filter(({ kind }) => kind === 'command')).toMatchObject([
      { position: 2, type: 'Put', code: 'command.invalid', issues: [{ path: ['amount'] }] },
      { position: 3, type: 'Close', code: 'command.unknown' },
    ])
    expect(tally.counts.filter(({ kind }) => kind === 'command')).toMatchObject([
      { type: 'Close', count: 1, misfits: 1 },
      { type: 'Put', count: 2, misfits: 1 },
    ])
  })

  it('finds the same in pages of any size, and never reads back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 1, 2, 13, 0.5), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (amounts, pageSize) => {
          const store = await recorded(amounts)
          const wrong = amounts.flatMap((amount, index) =>
            Number.isInteger(amount) && amount > 0 && amount !== 13 ? [] : [index + 1],
          )
          const positions: number[] = []
          let last = 0
          for await (const { misfits, scannedTo, checked } of checkApp(today, store, { pageSize })) {
            expect(scannedTo).toBeGreaterThan(last)
            expect(checked.length).toBeLessThanOrEqual(pageSize)
            last = scannedTo
            positions.push(...misfits.map(({ position }) => position))
          }
          expect(positions).toEqual(wrong)
          expect(last).toBe(amounts.length)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('ends at what was the log’s end when it began', async () => {
    const store = await recorded([1, 1])
    const pages = checkApp(today, store, { pageSize: 1 })
    await pages.next()
    const fresh = await openStore(today, { ...store, close: async () => undefined })
    await fresh.append('box-b', [PutInToday({ count: 1 })])
    await fresh.close()
    const rest = await Array.fromAsync(pages)
    expect(rest.map(({ scannedTo }) => scannedTo)).toEqual([2])
  })
})
