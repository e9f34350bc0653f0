import { aggregate, reject } from 'headwater'
import { CancelOrder, PayOrder, PlaceOrder, ShipOrder } from './commands.ts'
import { OrderCancelled, OrderPaid, OrderPlaced, OrderShipped } from './events.ts'
import { kindOf, totalOf } from './line.ts'
import type { EventData } from 'headwater'

type Status = 'none' | 'placed' | 'paid' | 'shipped' | 'cancelled'

interface OrderState {
  readonly status: Status
  /** What was ordered; undefined before. */
  readonly placed: EventData<typeof OrderPlaced> | undefined
}

const initial: OrderState = { status: 'none', placed: undefined }

export const order = aggregate('order', {
  description: 'An order from the basket to the door.',
  events: [OrderPlaced, OrderPaid, OrderShipped, OrderCancelled],
  commands: [PlaceOrder, PayOrder, ShipOrder, CancelOrder],
  initial,
  evolve: {
    OrderPlaced: (_state, { data }) => ({ status: 'placed', placed: data }),
    OrderPaid: (state) => ({ ...state, status: 'paid' }),
    OrderShipped: (state) => ({ ...state, status: 'shipped' }),
    OrderCancelled: (state) => ({ ...state, status: 'cancelled' }),
  },
  decide: {
    PlaceOrder: ({ status }, data) =>
      status === 'none'
        ? OrderPlaced({ ...data, total: totalOf(data.lines), kind: kindOf(data.lines) })
        : reject('already-placed'),

    PayOrder: ({ status, placed }) => {
      if (placed === undefined) return reject('unknown-order')
      if (status === 'cancelled') return reject('already-cancelled')
      if (status !== 'placed') return reject('already-paid')
      return OrderPaid({ orderId: placed.orderId, total: placed.total })
    },

    ShipOrder: ({ status, placed }, { address }) => {
      if (placed === undefined) return reject('unknown-order')
      if (status === 'cancelled') return reject('already-cancelled')
      if (status === 'shipped') return reject('already-shipped')
      if (status === 'placed') return reject('not-paid', { message: 'Only what is paid is shipped' })
      return OrderShipped({ orderId: placed.orderId, address })
    },

    CancelOrder: ({ status, placed }, { reason }) => {
      if (placed === undefined) return reject('unknown-order')
      if (status === 'cancelled') return reject('already-cancelled')
      if (status === 'shipped') {
        return reject('already-shipped', {
          message: 'What has left the house is sent back for a credit note',
        })
      }
      return OrderCancelled({ ...placed, reason })
    },
  },
})
