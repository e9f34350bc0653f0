import { deriveId } from '@headwater/core'
import { like, spec } from '@headwater/core/spec'
import { describe, expect, test } from 'vitest'
import {
  AuditOrder,
  lines,
  order,
  OrderPaid,
  OrderPlaced,
  OrderShipped,
  PayOrder,
  placed17,
  PlaceOrder,
  ShipmentRefused,
  ShipOrder,
} from '../support/orders.ts'

const placed = spec(order).given(placed17)
const paid = placed.given(PayOrder({ orderId: '17' }))

describe('a specification of an aggregate', () => {
  test('expects the events that a command records', () => {
    spec(order)
      .when(PlaceOrder({ orderId: '17', lines }))
      .then(OrderPlaced({ orderId: '17', lines, total: 700 }))
  })

  test('begins with events, and with commands that were accepted', () => {
    paid.when(ShipOrder({ orderId: '17' })).then(like(OrderShipped, { orderId: '17' }))
  })

  test('can be gone on from by several tests', () => {
    placed.when(PayOrder({ orderId: '17' })).then(OrderPaid({ orderId: '17', total: 700 }))
    placed.when(PayOrder({ orderId: '17' })).then(OrderPaid({ orderId: '17', total: 700 }))
    placed.when(PlaceOrder({ orderId: '17', lines })).thenRejected('already-placed')
  })

  test('expects a rejection by its code, its message, its data and what it records', () => {
    placed.when(PlaceOrder({ orderId: '17', lines })).thenRejected('already-placed')
    spec(order)
      .when(PayOrder({ orderId: '17' }))
      .thenRejected('not-placed', { message: 'Place it first' })
    placed.when(ShipOrder({ orderId: '17' })).thenRejected('not-paid', {
      data: { status: 'placed' },
      events: [ShipmentRefused({ orderId: '17' })],
    })
  })

  test('expects nothing where there was nothing to do', () => {
    placed.when(AuditOrder({ orderId: '17', how: 'quietly' })).thenNothing()
  })

  test('expects the code of what failed: an invalid command, a forbidden one, a decision that threw', () => {
    spec(order)
      .when(() => PlaceOrder({ orderId: '17', lines: [] }))
      .thenFails('command.invalid')
    paid
      .as('customer')
      .when(ShipOrder({ orderId: '17' }))
      .thenFails('command.forbidden')
    placed.when(AuditOrder({ orderId: '17', how: 'badly' })).thenFails('command.failed')
  })

  test('expects the state after it, whole, in part, or as a function finds it', () => {
    placed
      .when(PayOrder({ orderId: '17' }))
      .thenState({ status: 'paid', total: 700 })
      .thenState(like({ status: 'paid', total: (total) => total > 0 }))
      .thenState(({ total }) => expect(total).toBe(700))
  })

  test('has a clock that is set', () => {
    paid
      .at('2026-11-05T10:00:00Z')
      .when(ShipOrder({ orderId: '17' }))
      .then(like(OrderShipped, { on: '2026-11-05' }, { occurredAt: new Date('2026-11-05T10:00:00Z') }))
  })

  test('gives ids that are the same in every run', () => {
    const parcel = deriveId('command', '019b76da-a800-7000-8000-000000000003', 1)
    paid.when(ShipOrder({ orderId: '17' })).then(OrderShipped({ orderId: '17', parcel, on: '2026-01-01' }))
    paid
      .when(ShipOrder({ orderId: '17' }), { id: 'ship-17' })
      .then(
        like(OrderShipped, { parcel: deriveId('command', 'ship-17', 1) }, { id: 'ship-17.1', revision: 3 }),
      )
  })

  test('compares who and when only where the expectation names them', () => {
    placed
      .as('ada')
      .when(PayOrder({ orderId: '17' }), { correlationId: 'visit-1' })
      .then(like(OrderPaid, {}, { actor: 'ada', correlationId: 'visit-1', stream: 'order-17' }))
  })
})
