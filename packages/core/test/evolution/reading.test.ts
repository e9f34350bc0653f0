import {
  aggregate,
  app,
  command,
  event,
  memoryStore,
  openStore,
  type FactOf,
  type Headwater,
  type RecordedEvent,
  type Store,
  subscription,
  view,
} from '@headwater/core'
import { firstValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { running, until } from '../support/running.ts'

const Order = command('Order', z.object({ orderId: z.string(), quantity: z.int() }))

/** What the shop looked like in its first year: a customer, and one thing of which there were some. */
const OrderedV1 = event('Ordered', z.object({ amount: z.int() }))
const firstYear = app({
  name: 'shop',
  aggregates: [
    aggregate('order', {
      events: [OrderedV1],
      commands: [Order],
      initial: 0,
      evolve: { Ordered: (sum, { data }) => sum + data.amount },
      decide: { Order: (_sum, { quantity }) => OrderedV1({ amount: quantity }) },
    }),
  ],
})

/** How often a step was asked, so that laziness can be counted. */
const asked = { steps: 0 }

/** Today: a quantity with its unit. */
const Ordered = event('Ordered', z.object({ quantity: z.int(), unit: z.string() }), {
  version: 3,
  upcast: {
    1: ({ amount }: { readonly amount: number }) => {
      asked.steps += 1
      if (amount === 13) throw new RangeError('thirteen was never sold')
      return { quantity: amount }
    },
    2: (old: { readonly quantity: number }) => ({ ...old, unit: 'piece' }),
  },
})

interface Sum {
  readonly pieces: number
  readonly units: readonly string[]
}

const fold = {
  events: [Ordered],
  initial: { pieces: 0, units: [] } as Sum,
  on: {
    Ordered: ({ pieces, units }: Sum, { data }: FactOf<typeof Ordered>): Sum => ({
      pieces: pieces + data.quantity,
      units: [...units, data.unit],
    }),
  },
}

interface Heard {
  readonly how: string
  readonly version: number
  readonly data: unknown
}

/** @param inline whether a view is folded in the transaction: it makes up for all of history before the app is open */
function today(heard: Heard[], inline = true) {
  const note =
    (how: string) =>
    ({ version, data }: { readonly version: number; readonly data: unknown }): void =>
      void heard.push({ how, version, data })
  return app({
    name: 'shop',
    aggregates: [
      aggregate('order', {
        events: [Ordered],
        commands: [Order],
        initial: { quantity: 0, unit: '' },
        evolve: {
          Ordered: (state, { data }) => ({ quantity: state.quantity + data.quantity, unit: data.unit }),
        },
        decide: { Order: (state, { quantity }) => Ordered({ quantity, unit: state.unit || 'box' }) },
      }),
    ],
    views: [
      view('async', fold),
      ...(inline ? [view('inline', { ...fold, lifecycle: 'inline' as const })] : []),
      view('live', { ...fold, lifecycle: 'live' as const }),
      view('by-unit', { ...fold, key: ({ data }) => data.unit }),
    ],
    subscriptions: [
      subscription('during', { events: [Ordered], when: 'in-transaction', handle: note('during') }),
      subscription('after', { events: [Ordered], when: 'after-commit', handle: note('after') }),
      subscription('later', { events: [Ordered], key: ({ data }) => data.unit, handle: note('later') }),
    ],
  })
}

/** A store with what the first year recorded; closing it is left to the test. */
async function recordedInTheFirstYear(quantities: readonly number[]): Promise<Store> {
  const memory = memoryStore()
  const old = await openStore(firstYear, { ...memory, close: async () => undefined })
  for (const quantity of quantities) await old.execute(Order({ orderId: 'a', quantity }))
  await old.close()
  return memory
}

const all = (events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> => Array.fromAsync(events)
const first = { version: 3, recordedVersion: 1, data: { quantity: 2, unit: 'piece' } }
const second = { version: 3, recordedVersion: 1, data: { quantity: 5, unit: 'piece' } }

describe('events of an older version are brought to the current one', () => {
  it('in an aggregate’s state and in what is decided on it', async () => {
    const headwater = await running(today([]), { store: await recordedInTheFirstYear([2, 5]) })
    const [order] = headwater.app.contexts[0]?.aggregates ?? []
    if (order === undefined) throw new Error('There is no aggregate')
    expect(await headwater.state(order, 'a')).toEqual({ state: { quantity: 7, unit: 'piece' }, revision: 2 })
    await headwater.execute(Order({ orderId: 'a', quantity: 1 }))
    const { events } = await headwater.readStream('order-a', { after: 2 })
    expect(events).toMatchObject([{ version: 3, recordedVersion: 3, data: { quantity: 1, unit: 'piece' } }])
  })

  it('in views of every lifecycle, keys included', async () => {
    const headwater = await running(today([]), { store: await recordedInTheFirstYear([2, 5]) })
    const pieces = { pieces: 7, units: ['piece', 'piece'] }
    expect((await headwater.view('async').get('a', { waitFor: 2 }))?.doc).toEqual(pieces)
    expect((await headwater.view('by-unit').get('piece', { waitFor: 2 }))?.doc).toEqual(pieces)
    expect((await headwater.view('live').get('a'))?.doc).toEqual(pieces)
    await headwater.execute(Order({ orderId: 'a', quantity: 1 }))
    expect((await headwater.view('inline').get('a'))?.doc).toEqual({
      pieces: 8,
      units: ['piece', 'piece', 'piece'],
    })
  })

  it('in subscriptions in the transaction, after it, and later', async () => {
    const heard: Heard[] = []
    const headwater = await running(today(heard), { store: await recordedInTheFirstYear([2, 5]) })
    await headwater.execute(Order({ orderId: 'a', quantity: 1 }))
    await headwater.processor('later').waitFor(3)
    const data = { quantity: 1, unit: 'piece' }
    expect(heard.filter(({ how }) => how !== 'later')).toEqual([
      { how: 'during', version: 3, data },
      { how: 'after', version: 3, data },
    ])
    expect(heard.filter(({ how }) => how === 'later')).toEqual([
      { how: 'later', version: 3, data: first.data },
      { how: 'later', version: 3, data: second.data },
      { how: 'later', version: 3, data },
    ])
  })

  it('wherever events are read, one by one, in pages, or as they come', async () => {
    const headwater = await running(today([]), { store: await recordedInTheFirstYear([2, 5]) })
    expect(await all(headwater.events())).toMatchObject([first, second])
    expect(await all(headwater.stream('order-a'))).toMatchObject([first, second])
    expect((await headwater.readEvents({ after: 1 })).events).toMatchObject([second])
    expect((await headwater.readStream('order-a', { limit: 1 })).events).toMatchObject([first])
    expect(await firstValueFrom(headwater.events$().pipe(take(2), toArray()))).toMatchObject([first, second])
    expect(await firstValueFrom(headwater.stream$('order-a').pipe(take(1), toArray()))).toMatchObject([first])
    const { id, correlationId } = (await all(headwater.events()))[0] ?? { id: '', correlationId: '' }
    expect(await headwater.event(id)).toMatchObject(first)
    expect((await headwater.trace(correlationId ?? ''))?.events).toMatchObject([first])
    expect((await headwater.history('order-a')).items).toMatchObject([
      { event: first, state: { quantity: 2 } },
      { event: second, state: { quantity: 7, unit: 'piece' } },
    ])
    const called: RecordedEvent[] = []
    const stop = headwater.subscribe((event) => void called.push(event))
    await until(() => called.length === 2)
    stop()
    expect(called).toMatchObject([first, second])
  })

  it('on the wire, which says with which version they were recorded where that was another', async () => {
    const headwater = await running(today([]), { store: await recordedInTheFirstYear([2]) })
    await headwater.execute(Order({ orderId: 'a', quantity: 1 }))
    const [old, fresh] = JSON.parse(JSON.stringify(await all(headwater.events())))
    expect(old).toMatchObject(first)
    expect(fresh).toMatchObject({ version: 3, data: { quantity: 1, unit: 'piece' } })
    expect(fresh).not.toHaveProperty('recordedVersion')
  })

  it('of those who know their type; to others they are as they were recorded', async () => {
    const headwater = await running(app({ name: 'other' }), { store: await recordedInTheFirstYear([2]) })
    expect(await all(headwater.events())).toMatchObject([
      { version: 1, recordedVersion: 1, data: { amount: 2 } },
    ])
  })

  it('and can still be had as they were recorded', async () => {
    const headwater = await running(today([]), { store: await recordedInTheFirstYear([2]) })
    const [event] = await all(headwater.events())
    const recorded = event?.asRecorded()
    expect(recorded).toMatchObject({ version: 1, recordedVersion: 1, data: { amount: 2 }, id: event?.id })
    expect(recorded?.toJSON()).not.toHaveProperty('recordedVersion')
    expect(Object.isFrozen(recorded?.data)).toBe(true)
    expect(event?.data).toEqual(first.data)
  })
})

describe('a step', () => {
  it('is asked when somebody looks at the data, and once by each who shares the event', async () => {
    const headwater = await running(today([]), {
      store: await recordedInTheFirstYear([2, 5]),
      processors: false,
    })
    asked.steps = 0
    const { events } = await headwater.readEvents()
    expect(events.map(({ id, type, version, revision }) => [id, type, version, revision])).toHaveLength(2)
    expect(asked.steps).toBe(0)
    expect(events[1]?.data).toBe(events[1]?.data)
    expect(asked.steps).toBe(1)
  })
})

describe('an event that can’t be brought to the current version', () => {
  const failure = {
    code: 'event.upcast-failed',
    message:
      'Event Ordered can’t be brought from version 1 to 2: thirteen was never sold (position 2, order-a at 2)',
    details: { type: 'Ordered', version: 1, step: 1, position: 2, stream: 'order-a', revision: 2 },
  }

  async function open(): Promise<Headwater & { failures: { error: unknown }[] }> {
    return running(today([], false), { store: await recordedInTheFirstYear([2, 13, 5]) })
  }

  it('is parked by views and subscriptions, which go on with the others', async () => {
    const headwater = await open()
    await Promise.all(headwater.processors.map((processor) => processor.waitFor(3)))
    for (const name of ['async', 'by-unit', 'later']) {
      expect([name, await headwater.processor(name).parked.list()]).toMatchObject([
        name,
        [
          { position: 2, error: expect.stringMatching(/thirteen was never sold/) },
          ...(name === 'async' ? [{}] : []),
        ],
      ])
      expect(await headwater.processor(name).summary()).toMatchObject({ status: 'running', error: undefined })
    }
    expect((await headwater.view('by-unit').get('piece'))?.doc).toMatchObject({ pieces: 7 })
    expect(headwater.failures.map(({ error }) => error)).toContainEqual(
      expect.objectContaining({ code: failure.code, message: failure.message }),
    )
  })

  it('fails a decision that depends on it, with its place in the log', async () => {
    const headwater = await open()
    await expect(headwater.execute(Order({ orderId: 'a', quantity: 1 }))).rejects.toMatchObject(failure)
    expect(await headwater.execute(Order({ orderId: 'b', quantity: 1 }))).toMatchObject({
      status: 'accepted',
    })
  })

  it('fails whoever looks at its data, as often as they look, and nobody else', async () => {
    const headwater = await open()
    const { events } = await headwater.readEvents()
    expect(events.map(({ position }) => position)).toEqual([1, 2, 3])
    for (const _ of [1, 2]) expect(() => events[1]?.data).toThrow(failure.message)
    expect(events[1]?.asRecorded().data).toEqual({ amount: 13 })
    expect(events[2]?.data).toEqual(second.data)
  })
})

it('a history of events that newer code has recorded is not guessed at', async () => {
  const memory = memoryStore()
  const next = await openStore(today([]), { ...memory, close: async () => undefined }, { processors: false })
  await next.execute(Order({ orderId: 'a', quantity: 2 }))
  await next.close()
  const old = await openStore(firstYear, memory)
  onTestFinished(() => old.close())
  await expect(old.history('order-a')).rejects.toMatchObject({ code: 'event.newer-version' })
  expect((await old.readStream('order-a')).events).toMatchObject([
    { version: 3, recordedVersion: 3, data: { quantity: 2, unit: 'box' } },
  ])
})

it('an upcaster that says something else makes a view’s documents those of other code', () => {
  interface Old {
    readonly n: number
  }
  const codeWith = (step: (old: Old) => { amount: number }): string => {
    const Counted = event('Counted', z.object({ amount: z.number() }), { version: 2, upcast: { 1: step } })
    const on = { Counted: (sum: number, { data }: FactOf<typeof Counted>) => sum + data.amount }
    return view('counts', { events: [Counted], initial: 0, on }).code
  }
  const once = ({ n }: Old) => ({ amount: n })
  const twice = ({ n }: Old) => ({ amount: n * 2 })
  expect(codeWith(once)).toBe(codeWith(once))
  expect(codeWith(once)).not.toBe(codeWith(twice))
})
