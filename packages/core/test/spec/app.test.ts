import { app, query } from '@headwater/core'
import { like, spec } from '@headwater/core/spec'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  ItemOrdered,
  OrderItem,
  pack,
  packed,
  PackParcel,
  parcel,
  ParcelPacked,
  postOffice,
  purchase,
} from '../support/post-office.ts'
import { saidLater } from '../support/said.ts'

const tea = OrderItem({ purchaseId: '1', item: 'tea' })
const ordered = ItemOrdered({ item: 'tea' })
const post = (failures = 0) => spec(postOffice(failures).definition)

describe('a specification of an app', () => {
  test('expects what commands lead to, through several aggregates and reactions', async () => {
    await post()
      .when(tea)
      .thenRecorded('purchase-1', ordered, 'parcel-1-1', like(ParcelPacked, { item: 'tea' }))
      .thenRecorded(ordered, like(ParcelPacked, {}, { actor: 'subscription:pack' }))
      .thenState(parcel, '1-1', { isPacked: true })
      .thenState(purchase, '1', like({ items: 1 }))
      .thenDocument(packed, 'tea', { count: 1 })
      .thenDocuments(packed, { tea: like({ count: 1 }) })
      .thenNoDocument(packed, 'cup')
  })

  test('begins with events and commands, of which only what comes after is looked at', async () => {
    await post()
      .given('purchase-1', ordered, OrderItem({ purchaseId: '2', item: 'cup' }))
      .when(OrderItem({ purchaseId: '1', item: 'pot' }))
      .thenRecorded(ItemOrdered({ item: 'pot' }), like(ParcelPacked, { item: 'pot' }))
      .thenDocuments(packed, { tea: { count: 1 }, cup: { count: 1 }, pot: { count: 1 } })
  })

  test('takes events from elsewhere', async () => {
    await post()
      .when('purchase-9', ordered)
      .thenRecorded('parcel-9-1', like(ParcelPacked, { item: 'tea' }))
  })

  test('expects a rejection, a failure, nothing', async () => {
    const full = post().given(tea, tea, tea)
    await full.when(tea).thenRejected('basket-full').thenNothing()
    await full.when(PackParcel({ parcelId: '', item: 'tea' })).thenFails('command.invalid')
    await full.when(PackParcel({ parcelId: '1-1', item: 'tea' })).thenNothing()
  })

  test('lets time pass, and knows who does what for whom', async () => {
    await post()
      .at('2026-11-01')
      .as('ada')
      .of('acme')
      .when(tea)
      .after({ days: 1 })
      .as('ben')
      .when(tea)
      .thenRecorded(
        'purchase-1',
        like(ItemOrdered, {}, { actor: 'ada', occurredAt: new Date('2026-11-01') }),
        like(ItemOrdered, {}, { actor: 'ben', occurredAt: new Date('2026-11-02') }),
      )
  })

  test('tries again what fails, without waiting', async () => {
    const { definition, mails } = postOffice(4)
    await spec(definition).when(tea).thenDocument(packed, 'tea', { count: 1 })
    expect(mails.all).toEqual(['tea'])
  })

  test('expects what is parked', async () => {
    const { definition, notify } = postOffice(99)
    await spec(definition).when(tea).thenParked(notify, 'parcel-1-1')
    await post().when(tea).thenParked(pack)
  })

  test('expects what queries give, and that they fail', async () => {
    const CountPacked = query('CountPacked', {
      input: z.object({ item: z.string() }),
      authorize: (actor) => actor !== 'eve' || 'None of your business',
      handle: async ({ item }, { view }) => ({ item, count: (await view(packed).get(item))?.doc.count ?? 0 }),
    })
    const answering = spec(
      app({
        name: 'stock',
        aggregates: [purchase, parcel],
        views: [packed],
        subscriptions: [pack],
        queries: [CountPacked],
      }),
    )
    await answering
      .when(tea, tea)
      .thenQuery(CountPacked({ item: 'tea' }), { item: 'tea', count: 2 })
      .thenQuery(CountPacked({ item: 'cup' }), like({ count: 0 }))
      .thenQuery(CountPacked({ item: 'tea' }), ({ count }) => expect(count).toBe(2))
    await answering.as('eve').thenQueryFails(CountPacked({ item: 'tea' }), 'query.forbidden')
    const said = await saidLater(() =>
      answering.when(tea).thenQuery(CountPacked({ item: 'tea' }), like({ count: 2 })),
    )
    expect(said).toContain(
      "stock: CountPacked { item: 'tea' } gave something else than expected\n  at count\n    expected  2\n    actual    1",
    )
  })

  test('looks at the app itself', async () => {
    await post()
      .when(tea)
      .thenThat(async (headwater) => expect((await headwater.head()).position).toBe(2))
      .thenThat({
        kind: 'expectation',
        check: ({ done }) => expect(done).toMatchObject({ what: 'command', outcome: { status: 'accepted' } }),
      })
  })

  test('can do something else than send commands', async () => {
    await post()
      .when({
        kind: 'action',
        name: 'a phone call',
        data: {},
        run: async ({ headwater }) => headwater.dispatch(tea),
      })
      .thenRecorded('purchase-1', ordered)
  })
})

describe('a failing expectation of an app says', () => {
  test('what was expected and what was recorded, and where', async () => {
    const said = await saidLater(() =>
      post()
        .given('purchase-2', ordered)
        .when(tea)
        .thenRecorded('purchase-1', ItemOrdered({ item: 'cup' })),
    )
    expect(said).toMatchInlineSnapshot(`
      "
      post, after OrderItem: ItemOrdered is not as expected
        at data.item
          expected  'cup'
          actual    'tea'

      given   purchase-2  ItemOrdered  { item: 'tea' }
      when                OrderItem    { purchaseId: '1', item: 'tea' }
      then  - purchase-1  ItemOrdered  { item: 'cup' }   ← expected
            + purchase-1  ItemOrdered  { item: 'tea' }   ← recorded
      "
    `)
  })

  test('what else was recorded', async () => {
    expect(await saidLater(() => post().when(tea).thenRecorded(ordered))).toMatchInlineSnapshot(`
      "
      post, after OrderItem: ParcelPacked was recorded, and not expected

      when    OrderItem     { purchaseId: '1', item: 'tea' }
      then    ItemOrdered   { item: 'tea' }
            + ParcelPacked  { item: 'tea', label: '2026-01-01 4a9f92a4-4503-5f11-902a-43ddbc1411f0' }   ← recorded
      "
    `)
  })

  test('that a command was accepted, or rejected otherwise', async () => {
    expect(await saidLater(() => post().when(tea).thenRejected('basket-full'))).toMatchInlineSnapshot(`
      "
      post: OrderItem was expected to be rejected with basket-full, but it was accepted

      when                OrderItem     { purchaseId: '1', item: 'tea' }
      then    purchase-1  ItemOrdered   { item: 'tea' }
              parcel-1-1  ParcelPacked  { item: 'tea', label: '2026-01-01 4a9f92a4-4503-5f11-902a-43ddbc1411f0' }
      "
    `)
    const full = post().given(tea, tea, tea)
    expect(await saidLater(() => full.when(tea).thenRejected('shop-closed'))).toMatchInlineSnapshot(`
      "
      post: OrderItem was rejected otherwise than expected
        at code
          expected  'shop-closed'
          actual    'basket-full'

      given   OrderItem  { purchaseId: '1', item: 'tea' }
              OrderItem  { purchaseId: '1', item: 'tea' }
              OrderItem  { purchaseId: '1', item: 'tea' }
      when    OrderItem  { purchaseId: '1', item: 'tea' }
      "
    `)
    expect(await saidLater(() => full.when(tea).thenFails('command.invalid'))).toMatchInlineSnapshot(`
      "
      post: OrderItem was expected to fail with command.invalid
          expected  'command.invalid'
          actual    'it was rejected with basket-full'

      given   OrderItem  { purchaseId: '1', item: 'tea' }
              OrderItem  { purchaseId: '1', item: 'tea' }
              OrderItem  { purchaseId: '1', item: 'tea' }
      when    OrderItem  { purchaseId: '1', item: 'tea' }
      "
    `)
  })

  test('that what was given is refused', async () => {
    const full = post().given(tea, tea, tea, tea)
    expect(await saidLater(() => full.when(tea).thenNothing())).toMatchInlineSnapshot(`
      "
      post: OrderItem can't be given, as it was refused
        basket-full

      given   OrderItem  { purchaseId: '1', item: 'tea' }
              OrderItem  { purchaseId: '1', item: 'tea' }
              OrderItem  { purchaseId: '1', item: 'tea' }
              OrderItem  { purchaseId: '1', item: 'tea' }
      "
    `)
  })

  test('that a reaction failed which nobody expected to', async () => {
    expect(await saidLater(() => post(99).when(tea).thenDocuments(packed, {}))).toMatchInlineSnapshot(`
      "
      post: notify failed on ParcelPacked: Error: the mail service is down

      when                OrderItem     { purchaseId: '1', item: 'tea' }
      then    purchase-1  ItemOrdered   { item: 'tea' }
              parcel-1-1  ParcelPacked  { item: 'tea', label: '2026-01-01 4a9f92a4-4503-5f11-902a-43ddbc1411f0' }
      "
    `)
  })

  test('which documents and states differ', async () => {
    expect(
      await saidLater(() => post().when(tea).thenDocument(packed, 'tea', { count: 2 })),
    ).toMatchInlineSnapshot(`
      "
      post: document tea of packed is not as expected
        at count
          expected  2
          actual    1

      when                OrderItem     { purchaseId: '1', item: 'tea' }
      then    purchase-1  ItemOrdered   { item: 'tea' }
              parcel-1-1  ParcelPacked  { item: 'tea', label: '2026-01-01 4a9f92a4-4503-5f11-902a-43ddbc1411f0' }
      "
    `)
    expect(
      await saidLater(() =>
        post()
          .when(tea)
          .thenState(purchase, '1', like({ items: 2 })),
      ),
    ).toMatchInlineSnapshot(`
      "
      post: the state of purchase 1 is not as expected
        at items
          expected  2
          actual    1

      when                OrderItem     { purchaseId: '1', item: 'tea' }
      then    purchase-1  ItemOrdered   { item: 'tea' }
              parcel-1-1  ParcelPacked  { item: 'tea', label: '2026-01-01 4a9f92a4-4503-5f11-902a-43ddbc1411f0' }
      "
    `)
  })

  test('what is parked', async () => {
    const { definition, notify } = postOffice(99)
    expect(await saidLater(() => spec(definition).when(tea).thenParked(notify))).toMatchInlineSnapshot(`
      "
      post: notify has not parked what was expected
        at [0]
          expected  (nothing)
          actual    'parcel-1-1'

      when                OrderItem     { purchaseId: '1', item: 'tea' }
      then    purchase-1  ItemOrdered   { item: 'tea' }
              parcel-1-1  ParcelPacked  { item: 'tea', label: '2026-01-01 4a9f92a4-4503-5f11-902a-43ddbc1411f0' }
      "
    `)
  })

  test('at which line of the test', async () => {
    const error: unknown = await post()
      .when(tea)
      .thenNothing()
      .catch((thrown: unknown) => thrown)
    const [first] = error instanceof Error ? ((error.stack ?? '').match(/\n {4}at .*/g) ?? []) : []
    expect(first).toContain('app.test.ts')
  })
})

test('an event without a stream is refused in words', async () => {
  await expect(post().when(ordered).thenNothing()).rejects.toThrow(
    "Say in which stream: when('order-17', ItemOrdered({ … }))",
  )
})
