// Where most systems begin: one service calls the next, and waits for it. No Headwater here.

export interface Customers {
  cardOf(customerId: string): Promise<string>
}

export interface Payments {
  charge(card: string, amount: number): Promise<void>
}

export interface Order {
  readonly orderId: string
  readonly customerId: string
  readonly amount: number
  status: 'placed' | 'paid'
}

/** Orders has to know customers and payments, and needs both to be up at this very moment. */
export function orderService(customers: Customers, payments: Payments) {
  const orders = new Map<string, Order>()
  return {
    orders,
    async place(orderId: string, customerId: string, amount: number): Promise<Order> {
      const order: Order = { orderId, customerId, amount, status: 'placed' }
      orders.set(orderId, order)
      // A query, then a command. If the process ends between any two of these lines, nobody knows what is to be done.
      const card = await customers.cardOf(customerId)
      await payments.charge(card, amount)
      order.status = 'paid'
      return order
    },
  }
}
