import type { Envelope } from '@headwater/client'

type Json = Record<string, unknown>

export const initialStates: Record<string, Json> = {
  order: { status: 'none', lines: [], total: 0 },
  customer: { address: null },
  payment: { status: 'none' },
}

export interface Line {
  readonly sku: string
  readonly description: string
  readonly quantity: number
  readonly unitPrice: number
}

export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0)
}

export function dataOf(event: Envelope): Json & { lines: Line[] } {
  const lines: Line[] = []
  return { lines, ...(typeof event.data === 'object' ? event.data : {}) }
}

/** The fold of the fake shop, for histories and for the orders view. */
export function evolve(state: Json, event: Envelope): Json {
  const data = dataOf(event)
  switch (event.type) {
    case 'OrderPlaced':
      return {
        status: 'placed',
        customerId: data.customerId,
        country: data.country,
        lines: data.lines,
        total: totalOf(data.lines),
      }
    case 'OrderPaid':
      return { ...state, status: 'paid', paid: data.amount }
    case 'OrderShipped':
      return { ...state, status: 'shipped', carrier: data.carrier }
    case 'OrderCancelled':
      return { ...state, status: 'cancelled', reason: data.reason }
    case 'CustomerAddressChanged':
      return { ...state, address: data.address }
    case 'PaymentCaptured':
      return { status: 'captured', orderId: data.orderId, amount: data.amount, card: data.card }
    case 'PaymentDeclined':
      return { status: 'declined', orderId: data.orderId, amount: data.amount }
    default:
      return state
  }
}
