import type { FakeLog } from './log.ts'
import { type Line, totalOf } from './shop-fold.ts'

const products: readonly (readonly [string, string, number])[] = [
  ['85123A', 'White hanging heart T-light holder', 255],
  ['71053', 'White metal lantern', 339],
  ['84406B', 'Cream cupid hearts coat hanger', 275],
  ['84029G', 'Knitted Union flag hot water bottle', 339],
  ['22752', 'Set 7 babushka nesting boxes', 765],
  ['21730', 'Glass star frosted T-light holder', 425],
  ['22633', 'Hand warmer Union Jack', 185],
  ['84879', 'Assorted colour bird ornament', 169],
  ['22745', "Poppy's playhouse bedroom", 210],
  ['22310', 'Ivory knitted mug cosy', 165],
  ['22623', 'Box of vintage jigsaw blocks', 495],
  ['21754', 'Home building block word', 595],
  ['22728', 'Alarm clock bakelike pink', 375],
  ['20725', 'Lunch bag red retrospot', 165],
]
const countries = [
  'United Kingdom',
  'United Kingdom',
  'United Kingdom',
  'Germany',
  'France',
  'EIRE',
  'Norway',
  'Spain',
]
const cities = ['Bristol', 'Hamburg', 'Lyon', 'Cork', 'Bergen', 'Girona', 'Leeds', 'Kiel']
const carriers = ['Royal Mail', 'DPD', 'Evri']

/** Plays one visit of a customer: an order, its payment as a reaction, and what comes of that. */
export function createTraffic(log: FakeLog, random: () => number) {
  let visits = 0
  function pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  return function visit(): void {
    visits++
    const orderId = String(536364 + visits)
    const customerId = String(12346 + Math.floor(random() * 40) * 7)
    const order = `order-${orderId}`
    const lines: Line[] = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const [sku, description, unitPrice] = pick(products)
      return { sku, description, unitPrice, quantity: 1 + Math.floor(random() * 12) }
    })
    const actor = pick(['web', 'web', 'web', 'till-3', 'maria'])
    if (random() < 0.12) {
      const place = {
        street: `${1 + Math.floor(random() * 90)} Mill Lane`,
        city: pick(cities),
        country: pick(countries),
      }
      const data = { customerId, address: place }
      log.decide(
        'ChangeCustomerAddress',
        data,
        `customer-${customerId}`,
        [{ type: 'CustomerAddressChanged', data: { address: place } }],
        { actor },
      )
    }
    const data = { orderId, customerId, country: pick(countries), lines }
    const placed = log.decide('PlaceOrder', data, order, [{ type: 'OrderPlaced', data }], { actor })
    const event = placed.appended[0]
    if (!event) return
    const amount = totalOf(lines)
    const paymentId = `${orderId}-1`
    const declined = random() < 0.15
    const why = 'The card was declined.'
    const payment = log.decide(
      'RequestPayment',
      { paymentId, orderId, amount },
      `payment-${paymentId}`,
      declined
        ? [{ type: 'PaymentDeclined', data: { orderId, amount, why } }]
        : [
            {
              type: 'PaymentCaptured',
              data: { orderId, amount, card: `•••• ${1000 + Math.floor(random() * 9000)}` },
            },
          ],
      {
        id: `request-payment:${event.id}`,
        causationId: event.id,
        correlationId: event.correlationId,
        actor: 'request-payment',
      },
    ).appended[0]
    if (!payment) return
    const caused = { causationId: payment.id, correlationId: event.correlationId }
    if (declined) {
      const reason = 'payment declined'
      const cause = { ...caused, id: `cancel-unpaid:${payment.id}`, actor: 'cancel-unpaid' }
      log.decide(
        'CancelOrder',
        { orderId, reason },
        order,
        [{ type: 'OrderCancelled', data: { reason } }],
        cause,
      )
      if (random() < 0.5) {
        log.decide(
          'ShipOrder',
          { orderId, carrier: pick(carriers) },
          order,
          {
            code: 'order-cancelled',
            message: `Order ${orderId} was cancelled and cannot be shipped.`,
            data: { status: 'cancelled' },
          },
          { actor: 'maria' },
        )
      }
      return
    }
    const paid = log.decide(
      'PayOrder',
      { orderId, amount },
      order,
      [{ type: 'OrderPaid', data: { orderId, amount } }],
      {
        ...caused,
        id: `record-payment:${payment.id}`,
        actor: 'record-payment',
      },
    ).appended[0]
    if (!paid || random() < 0.3) return
    const carrier = pick(carriers)
    log.decide('ShipOrder', { orderId, carrier }, order, [{ type: 'OrderShipped', data: { carrier } }], {
      id: `ship-when-paid:${paid.id}`,
      actor: 'ship-when-paid',
      causationId: paid.id,
      correlationId: event.correlationId,
    })
  }
}
