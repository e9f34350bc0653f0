import { AssertionError } from 'node:assert'
import { aggregate } from '@headwater/core'
import { like, spec } from '@headwater/core/spec'
import { describe, expect, test } from 'vitest'
import {
  AuditOrder,
  lines,
  order,
  OrderPaid,
  OrderPlaced,
  orders,
  OrderShipped,
  PayOrder,
  placed17,
  PlaceOrder,
  ShipOrder,
} from '../support/orders.ts'
import { ItemOrdered, OrderItem, pack, postOffice } from '../support/post-office.ts'
import { said } from '../support/said.ts'

const placed = spec(order).given(placed17)
const pay = PayOrder({ orderId: '17' })
const ship = ShipOrder({ orderId: '17' })
const shipped = OrderShipped({ orderId: '17', parcel: 'p', on: '2026-01-01' })

describe('a failing expectation says', () => {
  test('where the data of an event differs', () => {
    expect(
      said(() => placed.when(pay).then(OrderPaid({ orderId: '17', total: 750 }))),
    ).toMatchInlineSnapshot(`
      "
      order, after PayOrder: OrderPaid is not as expected
        at data.total
          expected  750
          actual    700

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    PayOrder     { orderId: '17' }
      then  - OrderPaid    { orderId: '17', total: 750 }   ← expected
            + OrderPaid    { orderId: '17', total: 700 }   ← recorded
      "
    `)
  })

  test('which event was expected and not recorded', () => {
    expect(
      said(() => placed.when(pay).then(OrderPaid({ orderId: '17', total: 700 }), shipped)),
    ).toMatchInlineSnapshot(`
      "
      order, after PayOrder: OrderShipped was expected, and not recorded

      given   OrderPlaced   { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    PayOrder      { orderId: '17' }
      then    OrderPaid     { orderId: '17', total: 700 }
            - OrderShipped  { orderId: '17', parcel: 'p', on: '2026-01-01' }   ← expected
      "
    `)
  })

  test('which event was recorded and not expected', () => {
    expect(said(() => placed.when(pay).thenNothing())).toMatchInlineSnapshot(`
      "
      order, after PayOrder: OrderPaid was recorded, and not expected

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    PayOrder     { orderId: '17' }
      then  + OrderPaid    { orderId: '17', total: 700 }   ← recorded
      "
    `)
  })

  test('that another event was recorded', () => {
    expect(said(() => placed.when(pay).then(shipped))).toMatchInlineSnapshot(`
      "
      order, after PayOrder: OrderShipped was expected, and not recorded

      given   OrderPlaced   { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    PayOrder      { orderId: '17' }
      then  - OrderShipped  { orderId: '17', parcel: 'p', on: '2026-01-01' }   ← expected
            + OrderPaid     { orderId: '17', total: 700 }   ← recorded
      "
    `)
  })

  test('that the command was rejected, and why', () => {
    expect(said(() => placed.when(ship).then(shipped))).toMatchInlineSnapshot(`
      "
      order: ShipOrder was expected to be accepted, but it was rejected with not-paid {"status":"placed"}

      given   OrderPlaced      { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    ShipOrder        { orderId: '17' }
      then  - OrderShipped     { orderId: '17', parcel: 'p', on: '2026-01-01' }   ← expected
              (rejected)       { code: 'not-paid', data: { status: 'placed' } }
              ShipmentRefused  { orderId: '17' }
      "
    `)
  })

  test('that the command was accepted', () => {
    expect(said(() => placed.when(pay).thenRejected('not-placed'))).toMatchInlineSnapshot(`
      "
      order: PayOrder was expected to be rejected with not-placed, but it was accepted

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    PayOrder     { orderId: '17' }
      then    OrderPaid    { orderId: '17', total: 700 }
      "
    `)
  })

  test('that it was rejected with another code', () => {
    expect(said(() => spec(order).when(pay).thenRejected('not-paid'))).toMatchInlineSnapshot(`
      "
      order: PayOrder was rejected otherwise than expected
        at code
          expected  'not-paid'
          actual    'not-placed'

      when    PayOrder    { orderId: '17' }
      then    (rejected)  { code: 'not-placed', message: 'Place it first' }
      "
    `)
  })

  test('that a rejection recorded what nobody expected', () => {
    expect(said(() => placed.when(ship).thenRejected('not-paid'))).toMatchInlineSnapshot(`
      "
      order, after ShipOrder: ShipmentRefused was recorded, and not expected

      given   OrderPlaced      { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    ShipOrder        { orderId: '17' }
      then  + ShipmentRefused  { orderId: '17' }   ← recorded
      "
    `)
  })

  test('that the decision threw', () => {
    const audit = AuditOrder({ orderId: '17', how: 'badly' })
    expect(said(() => placed.when(audit).thenNothing())).toMatchInlineSnapshot(`
      "
      order: AuditOrder was expected to be accepted, but it failed with command.failed: Deciding AuditOrder on order-17 threw: RangeError: The auditor is lost

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    AuditOrder   { orderId: '17', how: 'badly' }
      "
    `)
  })

  test('that the command is invalid', () => {
    expect(
      said(() => placed.when(() => PlaceOrder({ orderId: '17', lines: [] })).thenNothing()),
    ).toMatchInlineSnapshot(`
      "
      order: the command was expected to be accepted, but it failed with command.invalid: Command PlaceOrder is invalid: lines: Too small: expected array to have >=1 items

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      "
    `)
  })

  test('that it failed otherwise', () => {
    expect(said(() => placed.as('eve').when(ship).thenFails('command.invalid'))).toMatchInlineSnapshot(`
      "
      order: ShipOrder failed otherwise than expected
          expected  'command.invalid'
          actual    'command.forbidden'

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    ShipOrder    { orderId: '17' }
      "
    `)
  })

  test('that what was given could not have happened', () => {
    expect(said(() => placed.given(ship).when(pay))).toMatchInlineSnapshot(`
      "
      order: ShipOrder can't be given, as it was refused
        not-paid {"status":"placed"}

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
              ShipOrder    { orderId: '17' }
      "
    `)
  })

  test('where the state differs', () => {
    expect(said(() => placed.when(pay).thenState({ status: 'placed', total: 700 }))).toMatchInlineSnapshot(`
      "
      order, after PayOrder: the state is not as expected
        at status
          expected  'placed'
          actual    'paid'

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    PayOrder     { orderId: '17' }
      then    OrderPaid    { orderId: '17', total: 700 }
      "
    `)
  })

  test('which part is not as described', () => {
    const expected = like(
      OrderPaid,
      { total: (total) => total > 1000 },
      { occurredAt: new Date('2026-11-05') },
    )
    expect(said(() => placed.when(pay).then(expected))).toMatchInlineSnapshot(`
      "
      order, after PayOrder: OrderPaid is not as expected
        at data.total
          expected  (total) => total > 1e3
          actual    700
        at occurredAt
          expected  2026-11-05T00:00:00.000Z
          actual    2026-01-01T00:00:00.000Z

      given   OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
      when    PayOrder     { orderId: '17' }
      then  - OrderPaid    { total: (total) => total > 1e3 }  { occurredAt: 2026-11-05T00:00:00.000Z }   ← expected
            + OrderPaid    { orderId: '17', total: 700 }  { occurredAt: 2026-01-01T00:00:00.000Z }   ← recorded
      "
    `)
  })

  test('that a decision is not pure', () => {
    let calls = 0
    const moody = aggregate('order', {
      events: [OrderPaid],
      commands: [PayOrder],
      initial: {},
      evolve: { OrderPaid: (state) => state },
      decide: { PayOrder: (_state, { orderId }) => OrderPaid({ orderId, total: (calls += 1) }) },
    })
    expect(said(() => spec(moody).when(pay))).toMatchInlineSnapshot(`
      "
      order: PayOrder was decided twice in the same way, and something else came out
        at data.total
          once   1
          again  2
        A decision gets time and ids from its context, and changes nothing.

      when    PayOrder  { orderId: '17' }
      "
    `)
  })

  test('that a fold threw', () => {
    const broken = aggregate('order', {
      events: [OrderPaid],
      commands: [PayOrder],
      initial: {},
      evolve: {
        OrderPaid: () => {
          throw new Error('no money')
        },
      },
      decide: { PayOrder: () => undefined },
    })
    expect(
      said(() =>
        spec(broken)
          .given(OrderPaid({ orderId: '17', total: 1 }))
          .when(pay),
      ),
    ).toMatchInlineSnapshot(`
      "
      order: evolve.OrderPaid threw Error: no money

      given   OrderPaid  { orderId: '17', total: 1 }
      "
    `)
  })

  test('only the end of a long story', () => {
    const many = Array.from({ length: 40 }, (_, index) => OrderPlaced({ orderId: '17', lines, total: index }))
    const story = said(() =>
      spec(order)
        .given(...many)
        .when(pay)
        .thenNothing(),
    )
    expect(story).toContain('… 12 lines before …')
    expect(story).toContain("+ OrderPaid    { orderId: '17', total: 39 }   ← recorded")
  })
})

describe('a failure', () => {
  const fail = (): unknown => {
    try {
      placed.when(pay).then(like(OrderPaid, { total: 750 }))
    } catch (error) {
      return error
    }
    return undefined
  }

  test('is an AssertionError with what the runner’s own comparison needs, and no more than differs', () => {
    const error = fail()
    expect(error).toBeInstanceOf(AssertionError)
    expect(error).toMatchObject({
      code: 'ERR_ASSERTION',
      expected: [{ type: 'OrderPaid', data: { orderId: '17', total: 750 } }],
      actual: [{ type: 'OrderPaid', data: { orderId: '17', total: 700 } }],
    })
  })

  test('points at the line of the test', () => {
    const error = fail()
    const [first] = error instanceof Error ? ((error.stack ?? '').match(/\n {4}at .*/g) ?? []) : []
    expect(first).toContain('failures.test.ts')
  })

  test('holds the error that it is about', () => {
    const failing = () => placed.when(AuditOrder({ orderId: '17', how: 'badly' })).thenNothing()
    expect(failing).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'command.failed' }) }),
    )
  })
})

describe('a specification without an expectation', () => {
  test('fails the test that returns it to a runner, which awaits it', async () => {
    const runner = async (run: () => unknown): Promise<void> => void (await run())
    await expect(runner(() => placed.when(pay))).rejects.toThrow('Nothing is expected yet')
    await expect(runner(() => spec(orders))).rejects.toThrow('Nothing is expected yet')
    const tea = OrderItem({ purchaseId: '1', item: 'tea' })
    const app = spec(postOffice().definition)
    await expect(runner(() => app.when(tea))).rejects.toThrow('Nothing is expected yet')
    const subscription = spec(pack).when(ItemOrdered({ item: 'tea' }))
    await expect(runner(() => subscription)).rejects.toThrow('Nothing is expected yet')
  })

  test('with one it may be returned', async () => {
    const runner = async (run: () => unknown): Promise<void> => void (await run())
    await runner(() => placed.when(pay).then(OrderPaid({ orderId: '17', total: 700 })))
    await runner(() => spec(orders).given('order-17', placed17).thenSome({}))
    expect(() => placed.when(pay).thenNothing()).toThrow(AssertionError)
  })
})
