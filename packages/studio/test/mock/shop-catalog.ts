import type { Catalog, CatalogCommand, CatalogEvent, JsonSchema } from '@headwater/client'

const text: JsonSchema = { type: 'string' }
const pence: JsonSchema = { type: 'integer', minimum: 0, description: 'in pence' }

function object(properties: Record<string, JsonSchema>, optional: string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

const lines: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: object({ sku: text, description: text, quantity: { type: 'integer' }, unitPrice: pence }),
}

const order = object({ orderId: text, customerId: text, country: text, lines }, ['customerId'])

const schemas: Record<string, JsonSchema> = {
  OrderPlaced: order,
  OrderPaid: object({ orderId: text, amount: pence }),
  OrderShipped: object({ carrier: { type: 'string', enum: ['Royal Mail', 'DPD', 'Evri'] } }),
  OrderCancelled: object({ reason: text }),
  CustomerAddressChanged: object({ address: object({ street: text, city: text, country: text }) }),
  PaymentCaptured: object({ orderId: text, amount: pence, card: text }),
  PaymentDeclined: object({ orderId: text, amount: pence, why: text }),
  PlaceOrder: order,
  PayOrder: object({ orderId: text, amount: pence }),
  ShipOrder: object({ orderId: text, carrier: { type: 'string', enum: ['Royal Mail', 'DPD', 'Evri'] } }),
  CancelOrder: object({ orderId: text, reason: text }),
  ChangeCustomerAddress: object({
    customerId: text,
    address: object({ street: text, city: text, country: text }),
  }),
  RequestPayment: object({ paymentId: text, orderId: text, amount: pence }),
}

const reactions: Record<string, string[]> = {
  OrderPlaced: ['request-payment', 'orders', 'sales-by-country', 'top-products'],
  OrderPaid: ['ship-when-paid', 'orders'],
  OrderShipped: ['orders'],
  OrderCancelled: ['orders'],
  CustomerAddressChanged: ['customers'],
  PaymentCaptured: ['record-payment'],
  PaymentDeclined: ['cancel-unpaid'],
}

function events(context: string, aggregate: string, names: string[]): CatalogEvent[] {
  return names.map((name) => ({
    name,
    version: 1,
    kind: 'state-change',
    visibility: 'public',
    description: null,
    context,
    aggregate,
    schema: schemas[name] ?? {},
    reactedToBy: reactions[name] ?? [],
  }))
}

function commands(context: string, aggregate: string, names: string[]): CatalogCommand[] {
  return names.map((name) => ({
    name,
    context,
    aggregate,
    description: name === 'PlaceOrder' ? 'A customer orders one or more products.' : null,
    schema: schemas[name] ?? {},
  }))
}

const ordersEvents = ['OrderPlaced', 'OrderPaid', 'OrderShipped', 'OrderCancelled']
const ordersCommands = ['PlaceOrder', 'PayOrder', 'ShipOrder', 'CancelOrder']
const paymentsEvents = ['PaymentCaptured', 'PaymentDeclined']

export const shopCatalog: Catalog = {
  app: 'shop',
  contexts: [
    {
      name: 'orders',
      aggregates: [
        {
          name: 'order',
          id: 'orderId',
          events: ordersEvents,
          commands: ordersCommands,
          concurrency: 'optimistic',
        },
      ],
      views: [
        {
          name: 'orders',
          lifecycle: 'inline',
          events: ordersEvents,
          indexes: ['country', 'status', 'total'],
        },
        { name: 'sales-by-country', lifecycle: 'async', events: ['OrderPlaced'], indexes: ['revenue'] },
        { name: 'top-products', lifecycle: 'async', events: ['OrderPlaced'], indexes: ['quantity'] },
      ],
      subscriptions: [
        { name: 'record-payment', events: ['PaymentCaptured'], when: 'async' },
        { name: 'cancel-unpaid', events: ['PaymentDeclined'], when: 'async' },
        { name: 'ship-when-paid', events: ['OrderPaid'], when: 'async' },
      ],
    },
    {
      name: 'customers',
      aggregates: [
        {
          name: 'customer',
          id: 'customerId',
          events: ['CustomerAddressChanged'],
          commands: ['ChangeCustomerAddress'],
          concurrency: 'queue',
        },
      ],
      views: [{ name: 'customers', lifecycle: 'async', events: ['CustomerAddressChanged'], indexes: [] }],
      subscriptions: [],
    },
    {
      name: 'payments',
      aggregates: [
        {
          name: 'payment',
          id: 'paymentId',
          events: paymentsEvents,
          commands: ['RequestPayment'],
          concurrency: 'optimistic',
        },
      ],
      views: [],
      subscriptions: [{ name: 'request-payment', events: ['OrderPlaced'], when: 'async' }],
    },
  ],
  events: [
    ...events('orders', 'order', ordersEvents),
    ...events('customers', 'customer', ['CustomerAddressChanged']),
    ...events('payments', 'payment', paymentsEvents),
  ],
  commands: [
    ...commands('orders', 'order', ordersCommands),
    ...commands('customers', 'customer', ['ChangeCustomerAddress']),
    ...commands('payments', 'payment', ['RequestPayment']),
  ],
}
