import {
  Bake,
  Baked,
  Box,
  Boxed,
  Burned,
  Cancel,
  Cancelled,
  Deliver,
  Delivered,
  Order,
  Ordered,
  OrderRejected,
  Pay,
  PaymentReceived,
  pizza,
} from '../../support/pizza.ts'

/** What a config of the pizza does not say. */
const raise = {
  Order: { raises: ['Ordered', 'OrderRejected'] as const, decide: () => undefined },
  Pay: 'PaymentReceived' as const,
  Bake: { raises: ['Baked', 'Burned'] as const, decide: () => undefined },
  Box: { raises: 'Boxed' as const, decide: () => undefined },
  Deliver: 'Delivered' as const,
  Cancel: { raises: 'Cancelled' as const, guard: () => true },
}
export const pizzaParts = {
  raise,
  context: pizza.parts.context,
  events: [Ordered, OrderRejected, PaymentReceived, Baked, Burned, Boxed, Delivered, Cancelled],
  commands: [Order, Pay, Bake, Box, Deliver, Cancel],
}
