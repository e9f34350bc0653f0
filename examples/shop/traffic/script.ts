import type { CommandMessage } from 'headwater'
import { ChangeCustomerAddress, RegisterCustomer } from '../customers/commands.ts'
import type { Address } from '../customers/events.ts'
import { CancelOrder, IssueCreditNote, PlaceOrder, ShipOrder } from '../orders/commands.ts'
import { DeclinePayment, ReceivePayment } from '../payments/commands.ts'
import {
  cancelReasons,
  declineReasons,
  firstNames,
  lastNames,
  places,
  products,
  streets,
} from './assortment.ts'
import { type Random, randomFrom } from './random.ts'

/** A command that is about to be sent, and what has to have happened before anybody would send it. */
export interface Step {
  readonly actor: 'shop' | 'customer' | 'payment-provider' | 'warehouse' | 'service'
  readonly command: CommandMessage
  /** The order that has to have come this far. */
  readonly awaits?: { readonly orderId: string; readonly stage: 'payment-requested' | 'paid' }
  /** The customer whose address, as the orders' context knows it, goes on the parcel. */
  readonly shipsTo?: string | undefined
}

interface Customer {
  readonly customerId: string
  readonly country: string
}

interface Order {
  readonly orderId: string
  readonly customer: Customer | undefined
  readonly country: string
  readonly lines: readonly { sku: string; description: string; quantity: number; unitPrice: number }[]
}

/** Everything that will be sent, in order: it follows from the seed alone, never from what the shop answers. */
export function* script(seed: string): Generator<Step> {
  const random = randomFrom(seed)
  const customers: Customer[] = []
  const placed: Order[] = []
  const paid: Order[] = []
  const shipped: Order[] = []
  for (let step = 0; ; step++) {
    const dice = random.between(1, 100)
    if (customers.length < 3 || dice <= 4) yield register(random, customers, seed)
    else if (placed.length < 2 || dice <= 36) yield place(random, customers, placed, `${seed}-${step}`)
    else if (dice <= 66) yield settle(random, placed, paid)
    else if (dice <= 86 && paid.length > 0) yield ship(paid, shipped)
    else if (dice <= 90) yield cancel(random, placed)
    else if (dice <= 93 && shipped.length > 0) yield credit(random, shipped, `${seed}-${step}`)
    else if (dice <= 96) yield move(random, customers)
    else yield mistake(random, placed, shipped)
  }
}

function addressIn(random: Random, country: string): Address {
  const { cities } = places.find((place) => place.country === country) ?? places[0]
  const street = `${random.between(1, 90)} ${random.pick(streets)}`
  return { street, city: random.pick(cities), postcode: String(random.between(10_000, 99_999)), country }
}

function register(random: Random, customers: Customer[], seed: string): Step {
  // Squared, so that places at the beginning of the list come more often.
  const { country } = places[Math.floor(random.next() ** 2 * places.length)] ?? places[0]
  const customer = { customerId: `${seed}-c${customers.length + 1}`, country }
  const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`
  customers.push(customer)
  return {
    actor: 'shop',
    command: RegisterCustomer({ customerId: customer.customerId, name, address: addressIn(random, country) }),
  }
}

function place(random: Random, customers: readonly Customer[], placed: Order[], orderId: string): Step {
  const customer = random.percent(12) ? undefined : customers[random.between(0, customers.length - 1)]
  const wanted = new Set(Array.from({ length: random.between(1, 5) }, () => random.pick(products)))
  const lines = [...wanted].map((product) => ({ ...product, quantity: random.between(1, 4) }))
  const order = { orderId, customer, country: customer?.country ?? places[0].country, lines }
  placed.push(order)
  const { country } = order
  return {
    actor: 'customer',
    command: PlaceOrder({ orderId, customerId: customer?.customerId, country, lines }),
  }
}

function settle(random: Random, placed: Order[], paid: Order[]): Step {
  const [order] = placed.splice(0, 1)
  if (order === undefined) throw new Error('There is always an order to settle')
  const awaits = { orderId: order.orderId, stage: 'payment-requested' } as const
  const paymentId = order.orderId
  if (random.percent(7)) {
    return {
      actor: 'payment-provider',
      awaits,
      command: DeclinePayment({ paymentId, reason: random.pick(declineReasons) }),
    }
  }
  paid.push(order)
  return { actor: 'payment-provider', awaits, command: ReceivePayment({ paymentId }) }
}

function ship(paid: Order[], shipped: Order[]): Step {
  const [order] = paid.splice(0, 1)
  if (order === undefined) throw new Error('There is an order to ship')
  shipped.push(order)
  if (shipped.length > 50) shipped.shift()
  return {
    actor: 'warehouse',
    awaits: { orderId: order.orderId, stage: 'paid' },
    shipsTo: order.customer?.customerId,
    command: ShipOrder({ orderId: order.orderId }),
  }
}

function cancel(random: Random, placed: Order[]): Step {
  const [order] = placed.splice(random.between(0, placed.length - 1), 1)
  if (order === undefined) throw new Error('There is always an order to cancel')
  return {
    actor: 'customer',
    command: CancelOrder({ orderId: order.orderId, reason: random.pick(cancelReasons) }),
  }
}

function credit(random: Random, shipped: readonly Order[], creditNoteId: string): Step {
  const order = shipped[random.between(0, shipped.length - 1)]
  const line = order?.lines[0]
  if (order === undefined || line === undefined) throw new Error('There is an order to credit')
  const { orderId, customer, country } = order
  return {
    actor: 'service',
    command: IssueCreditNote({
      creditNoteId,
      orderId,
      customerId: customer?.customerId,
      country,
      lines: [{ ...line, quantity: 1 }],
    }),
  }
}

function move(random: Random, customers: readonly Customer[]): Step {
  const customer = customers[random.between(0, customers.length - 1)]
  if (customer === undefined) throw new Error('There are always customers')
  const { customerId, country } = customer
  return {
    actor: 'customer',
    command: ChangeCustomerAddress({ customerId, address: addressIn(random, country) }),
  }
}

/** People try what can't be: the shop says no. */
function mistake(random: Random, placed: readonly Order[], shipped: readonly Order[]): Step {
  const late = shipped[0]
  if (late !== undefined && random.percent(50)) {
    return {
      actor: 'customer',
      command: CancelOrder({ orderId: late.orderId, reason: random.pick(cancelReasons) }),
    }
  }
  const early = placed.at(-1)
  return { actor: 'warehouse', command: ShipOrder({ orderId: early?.orderId ?? 'nowhere' }) }
}
