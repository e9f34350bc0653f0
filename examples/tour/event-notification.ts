// Event notification: orders says that something happened, and no more. Whoever is interested asks back.
import { app, type App, context, subscription } from 'headwater'
import { OrderPlaced, orders } from './orders.ts'
import { PaymentTaken } from './payment-events.ts'
import type { Customers } from './request-driven.ts'

/** Payments needs customers, but not at once: a handler that fails is tried again, then parked, never lost. */
export function notified(
  customers: Customers,
  record: (stream: string, payment: Payment) => Promise<void>,
): App {
  const takePayment = subscription('take-payment', {
    events: [OrderPlaced],
    retry: { attempts: 100, delay: 20, longestDelay: 200 },
    handle: async ({ aggregateId: orderId, data: { customerId, amount } }, { idempotencyKey }) => {
      const card = await customers.cardOf(customerId)
      await record(`payment-${orderId}`, {
        id: idempotencyKey,
        event: PaymentTaken({ orderId, card, amount }),
      })
    },
  })
  const payments = context('payments', { subscriptions: [takePayment], events: [PaymentTaken] })
  return app({ name: 'notified', contexts: [orders, payments] })
}

export interface Payment {
  /** The same for every attempt, so that a payment is recorded once. */
  readonly id: string
  readonly event: ReturnType<typeof PaymentTaken>
}
