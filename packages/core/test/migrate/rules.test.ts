import {
  HeadwaterError,
  memoryStore,
  migration,
  type AnyEventType,
  type Migration,
  type MigrationRule,
  type RecordedEvent,
  type RecordedEventOf,
} from '@headwater/core'
import { describe, expect, it } from 'vitest'
import {
  contentOf,
  CustomerSeen,
  faultsOf,
  LineAdded,
  migrated,
  newShop,
  Note,
  Noted,
  OldOrderPlaced,
  oldStore,
  OrderPlaced,
  PlaceOrder,
  told,
} from './shop.ts'

const tea = { sku: 'tea', quantity: 2 }
const cup = { sku: 'cup', quantity: 1 }

/** Lines go into their order; every order is noted with its customer, too. */
const merging = migration({
  app: newShop,
  from: [OldOrderPlaced, LineAdded],
  events: {
    OrderPlaced: ({ data, aggregateId }, { siblings, on }) => [
      OrderPlaced({ customerId: data.customer, lines: siblings(LineAdded).map((line) => line.data) }),
      on(`customer-${data.customer}`, CustomerSeen({ orderId: aggregateId })),
    ],
    LineAdded: (_event, { siblings, merge, drop }) => {
      const [order] = siblings(OldOrderPlaced)
      return order === undefined ? drop('a line without an order') : merge(order)
    },
  },
})

const plain = migration({ app: newShop, from: [], events: {} })

describe('a migration without rules', () => {
  it('copies every event and every command as it was, with its time, and brings old versions forward', async () => {
    let time = 1_000
    const source = await oldStore(
      async (headwater) => {
        await headwater.execute(PlaceOrder({ orderId: '1', customer: 'ada', lines: [tea] }), {
          actor: 'web',
          id: 'a',
        })
        await headwater.execute(PlaceOrder({ orderId: '1', customer: 'ada', lines: [] }), { id: 'again' })
        await headwater.append('order-2', [Noted({ note: 'by hand' })], { actor: 'root' })
        await headwater.append('order-2', [Noted({ note: 'once' })], { id: 'once', tenant: 'north' })
        await headwater.processor('note-lines').waitFor(4)
      },
      { processors: true, now: () => (time += 1_000) },
    )
    const before = await contentOf(source)
    const { target, entries, map } = await migrated(source, plain)
    const after = await contentOf(target)
    expect(before.events.length).toBeGreaterThan(4)
    expect(after.commands).toEqual(before.commands)
    // The others have no other version.
    const others = ({ events }: typeof before) => events.filter(({ type }) => type !== 'OrderPlaced')
    expect(others(after)).toEqual(others(before))
    expect(after.events[0]).toMatchObject({ version: 2, data: '{"customerId":"ada","lines":[]}' })
    expect(entries).toEqual(before.events.map(({ position }) => ({ old: position, new: [position] })))
    expect(await faultsOf(source, { target, map }, plain)).toEqual([])
  })

  it('keeps the tags by which boundaries find events', async () => {
    const source = await oldStore(async (headwater) => {
      await headwater.append('order-1', [OldOrderPlaced({ customer: 'ada' }), Noted({ note: 'x' })])
      await headwater.append('order-2', [OldOrderPlaced({ customer: 'bob' })])
    })
    const { target } = await migrated(source, plain)
    const query = { items: [{ tags: ['customer:bob'] }] }
    const page = await target.log.read({ branch: 0, tenant: '', after: 0, limit: 10, query })
    expect(page.events.map(({ position }) => position)).toEqual([3])
  })

  it('stops at an event of a type that the app does not have, and says which', async () => {
    const source = await oldStore(async (headwater) => {
      await headwater.append('order-1', [Noted({ note: 'x' })])
    })
    const other = migration({ app: { ...newShop, contexts: [] }, from: [], events: {} })
    await expect(migrated(source, other)).rejects.toMatchObject({
      code: 'migration.failed',
      details: { position: 1, stream: 'order-1', type: 'Noted' },
      message: expect.stringMatching(/the app has no event type Noted/),
    })
  })
})

describe('rules', () => {
  it('split an event, merge events, and send some elsewhere; streams are numbered anew', async () => {
    const source = await oldStore(async (headwater) => {
      await headwater.append('order-1', [OldOrderPlaced({ customer: 'ada' }), LineAdded(tea), LineAdded(cup)])
      await headwater.append('order-1', [Noted({ note: 'gift' })])
      await headwater.append('order-2', [LineAdded(tea)])
      await headwater.append('order-3', [OldOrderPlaced({ customer: 'ada' })])
    })
    const { target, entries, map } = await migrated(source, merging)
    expect((await contentOf(target)).events.map(told)).toEqual([
      'order-1/1 OrderPlaced {"customerId":"ada","lines":[{"sku":"tea","quantity":2},{"sku":"cup","quantity":1}]}',
      'customer-ada/1 CustomerSeen {"orderId":"1"}',
      'order-1/2 Noted {"note":"gift"}',
      'order-3/1 OrderPlaced {"customerId":"ada","lines":[]}',
      'customer-ada/2 CustomerSeen {"orderId":"3"}',
    ])
    const [placed] = (await contentOf(source)).events
    expect(entries).toEqual([
      { old: 1, new: [1, 2] },
      { old: 2, new: [1, 2], id: `${placed?.commandId}.1`, into: 1 },
      { old: 3, new: [1, 2], id: `${placed?.commandId}.1`, into: 1 },
      { old: 4, new: [3] },
      { old: 5, new: [], dropped: 'a line without an order' },
      { old: 6, new: [4, 5] },
    ])
    expect(await faultsOf(source, { target, map }, merging)).toEqual([])
  })

  it('may look along the stream, and merge into what came before', async () => {
    const source = await oldStore(async (headwater) => {
      await headwater.append('order-1', [OldOrderPlaced({ customer: 'ada' })])
      await headwater.append('order-2', [Noted({ note: 'in between' })])
      await headwater.append('order-1', [LineAdded(tea)])
      await headwater.append('order-1', [LineAdded(cup)])
    })
    const gathering = migration({
      app: newShop,
      from: [OldOrderPlaced, LineAdded],
      events: {
        OrderPlaced: async ({ data }, { history }) => {
          const lines = (await Array.fromAsync(history(LineAdded))).map((line) => line.data)
          return OrderPlaced({ customerId: data.customer, lines })
        },
        LineAdded: async (_event, { history, merge, keep }) => {
          for await (const first of history()) return first.type === 'OrderPlaced' ? merge(first) : keep()
          return keep()
        },
      },
    })
    const { target, entries, map } = await migrated(source, gathering)
    expect((await contentOf(target)).events.map(told)).toEqual([
      'order-1/1 OrderPlaced {"customerId":"ada","lines":[{"sku":"tea","quantity":2},{"sku":"cup","quantity":1}]}',
      'order-2/1 Noted {"note":"in between"}',
    ])
    expect(entries.map(({ new: positions, into }) => [positions, into])).toEqual([
      [[1], undefined],
      [[2], undefined],
      [[1], 1],
      [[1], 1],
    ])
    expect(await faultsOf(source, { target, map }, gathering)).toEqual([])
  })

  it('may rename streams, also in what commands say that they read', async () => {
    const source = await oldStore(async (headwater) => {
      await headwater.execute(Note({ orderId: '1', note: 'x' }))
    })
    const renaming = migration({
      app: newShop,
      from: [],
      events: {},
      streams: (stream) => stream.replace(/^order-/, 'purchase-'),
    })
    const { target, map } = await migrated(source, renaming)
    const { events, commands } = await contentOf(target)
    expect(events.map(told)).toEqual(['purchase-1/1 Noted {"note":"x"}'])
    expect(commands[0]?.reads).toBe('{"streams":[["purchase-1",0]]}')
    expect(await faultsOf(source, { target, map }, renaming)).toEqual([])
  })

  it('keep times, actors and what belongs together, unless an event says when it happened', async () => {
    const occurredAt = new Date('2019-05-01T10:00:00Z')
    const source = await oldStore(async (headwater) => {
      await headwater.append(
        'order-1',
        [OldOrderPlaced({ customer: 'ada' }, { occurredAt }), Noted({ note: 'x' })],
        {
          actor: 'web',
          correlationId: 'visit',
          causationId: 'click',
        },
      )
    })
    const other = new Date('2019-05-02T10:00:00Z')
    const dated = migration({
      app: newShop,
      from: [OldOrderPlaced, Noted],
      events: {
        OrderPlaced: ({ data }) => OrderPlaced({ customerId: data.customer, lines: [] }),
        Noted: () => Noted({ note: 'y' }, { occurredAt: other }),
      },
    })
    const { target } = await migrated(source, dated)
    const [before] = (await contentOf(source)).events
    const { recordedAt, commandId } = before ?? { recordedAt: 0, commandId: '' }
    const common = { recordedAt, commandId, actor: 'web', correlationId: 'visit', causationId: 'click' }
    expect((await contentOf(target)).events).toMatchObject([
      { ...common, occurredAt: occurredAt.getTime() },
      { ...common, occurredAt: other.getTime() },
    ])
  })

  it('leave causes pointing at what their events have become, and what was dropped at what had caused that', async () => {
    const source = await oldStore(
      async (headwater) => {
        await headwater.execute(PlaceOrder({ orderId: '1', customer: 'ada', lines: [tea, cup] }), {
          id: 'place',
        })
        await headwater.processor('note-lines').waitFor(3)
        await headwater.append('order-9', [LineAdded(tea)], { id: 'by-hand' })
        await headwater.processor('note-lines').waitFor(6)
      },
      { processors: true },
    )
    const causesOf = (rows: readonly { type: string; causationId: string | null }[]) =>
      rows.filter(({ type }) => type === 'Note').map(({ causationId }) => causationId)
    expect(causesOf((await contentOf(source)).commands)).toEqual(['place.2', 'place.3', 'by-hand.1'])
    const { target, map } = await migrated(source, merging)
    const { events, commands } = await contentOf(target)
    expect(causesOf(commands)).toEqual(['place.1', 'place.1', 'by-hand'])
    expect(events[0]).toMatchObject({ commandId: 'place', ordinal: 1, type: 'OrderPlaced' })
    expect(await faultsOf(source, { target, map }, merging)).toEqual([])
  })

  it('leave in the command log at which revision of the new streams was decided', async () => {
    const source = await oldStore(async (headwater) => {
      await headwater.execute(PlaceOrder({ orderId: '1', customer: 'ada', lines: [tea, cup] }))
      await headwater.execute(Note({ orderId: '1', note: 'x' }))
      await headwater.execute(PlaceOrder({ orderId: '1', customer: 'ada', lines: [] }))
    })
    const { target, map } = await migrated(source, merging)
    const { commands } = await contentOf(target)
    expect(commands.filter(({ type }) => type !== 'Note').map(({ reads }) => reads)).toEqual([
      '{"streams":[["order-1",0]]}',
      expect.stringMatching(/\["order-1",\d\]/),
    ])
    expect(await faultsOf(source, { target, map }, merging)).toEqual([])
    const [first] = commands
    expect(first).toMatchObject({ type: 'PlaceOrder', position: 1, events: 2 })
  })

  it('may leave a command without events, which it keeps', async () => {
    const source = await oldStore(async (headwater) => {
      await headwater.execute(Note({ orderId: '1', note: 'x' }), { id: 'note' })
    })
    const silent = migration({
      app: newShop,
      from: [Noted],
      events: { Noted: (_event, { drop }) => drop('silence') },
    })
    const { target, map } = await migrated(source, silent)
    expect(await contentOf(target)).toMatchObject({
      events: [],
      commands: [{ id: 'note', position: null, events: 0 }],
    })
    expect(await faultsOf(source, { target, map }, silent)).toEqual([])
  })
})

describe('a rule that is wrong', () => {
  /** Rules that the compiler would not let pass, as users of JavaScript may write them. */
  const unchecked = (rule: () => unknown): Migration => {
    const rules = new Map<string, unknown>([['Noted', rule]])
    return { ...plain, from: [Noted], rules: rules as Migration['rules'] }
  }

  async function failing(wrong: Migration): Promise<string> {
    const source = await oldStore(async (headwater) => {
      await headwater.append('order-1', [LineAdded(tea)])
      await headwater.append('order-1', [Noted({ note: 'x' })])
    })
    const target = memoryStore()
    const error: unknown = await migrated(source, wrong, target).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'migration.failed', details: { position: 2 } })
    return error instanceof HeadwaterError ? error.message : ''
  }

  it.each<[string, () => unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new RangeError('no idea')
      },
      /no idea/,
    ],
    ['gives nothing', () => undefined, /gives nothing/],
    ['gives no event and no reason', () => [], /no event and no reason/],
    [
      'gives an event of a type that the app does not have',
      () => ({ ...Noted({ note: 'y' }), type: 'Gone' }),
      /no event type Gone/,
    ],
    [
      'gives an event of another version than the app’s',
      () => OldOrderPlaced({ customer: 'a' }),
      /OrderPlaced in version 1; the app’s is 2/,
    ],
    ['gives invalid data', () => LineAdded({ sku: 'x', quantity: 0.5 }), /quantity/],
  ])('because it %s fails at its event, and says why', async (_what, rule, message) => {
    const said = await failing(unchecked(rule))
    expect(said).toMatch(/^Noted v1 at position 2 \(order-1 at 2\) can’t be migrated: /)
    expect(said).toMatch(message)
  })

  it('because it drops for no reason, or merges an event into itself, or into one that is gone, fails', async () => {
    const of = (rule: MigrationRule<RecordedEventOf<typeof Noted>>) =>
      migration({ app: newShop, from: [Noted], events: { Noted: rule } })
    expect(await failing(of((_event, { drop }) => drop(' ')))).toMatch(/for a reason/)
    expect(await failing(of((event, { merge }) => merge(event)))).toMatch(/into itself/)
    const gone = migration({
      app: newShop,
      from: [LineAdded, Noted],
      events: {
        LineAdded: (_event, { drop }) => drop('no lines'),
        Noted: async (_event, { history, merge, keep }) => {
          for await (const first of history()) return merge(first)
          return keep()
        },
      },
    })
    expect(await failing(gone)).toMatch(/can’t be merged into what became of position 1/)
  })

  it('of an event type that it does not read is refused when it is defined', () => {
    const rules: Record<string, MigrationRule<RecordedEvent>> = { Other: (_event, { keep }) => keep() }
    const from: readonly AnyEventType[] = [Noted]
    expect(() => migration({ app: newShop, from, events: rules })).toThrow(
      expect.objectContaining({ code: 'app.invalid' }),
    )
  })
})
