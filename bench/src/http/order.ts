import { streamNames, type StreamOrder } from '../data/streams.ts'

/** Makes the bodies of `PlaceOrder` requests: each places an order of its own. */
export function orderBodies(order: StreamOrder): () => string {
  const nextId = streamNames(order)
  return () =>
    JSON.stringify({
      orderId: nextId().slice('account-'.length),
      customerId: '17850',
      country: 'United Kingdom',
      lines: [
        { sku: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 6, unitPrice: 255 },
        { sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 },
      ],
    })
}

/** The same demands on a body as the shop's own schema makes, as JSON Schema. */
export const orderSchema = {
  type: 'object',
  required: ['orderId', 'country', 'lines'],
  properties: {
    orderId: { type: 'string', minLength: 1, maxLength: 100 },
    customerId: { type: 'string', minLength: 1, maxLength: 100 },
    country: { type: 'string', minLength: 1, maxLength: 100 },
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'description', 'quantity', 'unitPrice'],
        properties: {
          sku: { type: 'string', minLength: 1, maxLength: 100 },
          description: { type: 'string', maxLength: 500 },
          quantity: { type: 'integer', minimum: -1_000_000, maximum: 1_000_000 },
          unitPrice: { type: 'integer', minimum: 0, maximum: 100_000_000 },
        },
      },
    },
  },
} as const
