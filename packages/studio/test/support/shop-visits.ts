import { type Client, HeadwaterProblem } from '@headwater/client'

const products: readonly (readonly [string, string, number])[] = [
  ['85123A', 'WHITE HANGING HEART T-LIGHT HOLDER', 255],
  ['71053', 'WHITE METAL LANTERN', 339],
  ['84406B', 'CREAM CUPID HEARTS COAT HANGER', 275],
  ['84029G', 'KNITTED UNION FLAG HOT WATER BOTTLE', 339],
  ['22752', 'SET 7 BABUSHKA NESTING BOXES', 765],
  ['21730', 'GLASS STAR FROSTED T-LIGHT HOLDER', 425],
  ['22633', 'HAND WARMER UNION JACK', 185],
  ['84879', 'ASSORTED COLOUR BIRD ORNAMENT', 169],
  ['22310', 'IVORY KNITTED MUG COSY', 165],
  ['22623', 'BOX OF VINTAGE JIGSAW BLOCKS', 495],
  ['22728', 'ALARM CLOCK BAKELIKE PINK', 375],
  ['20725', 'LUNCH BAG RED RETROSPOT', 165],
]
const countries = ['United Kingdom', 'United Kingdom', 'Germany', 'France', 'EIRE', 'Norway']

/** Customers who come to the shop one after another, the same ones in the same order every time. */
export function createVisits(client: Client, seed = 7) {
  const random = seeded(seed)
  let visits = 0

  function pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** Orders something; most pay for it and get it, some are declined, some ask for what cannot be. */
  return async function visit(): Promise<string> {
    const orderId = String(536365 + visits++)
    const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const [sku, description, unitPrice] = pick(products)
      return { sku, description, unitPrice, quantity: 1 + Math.floor(random() * 12) }
    })
    const customerId = String(12346 + Math.floor(random() * 40) * 7)
    const placed = await client.execute('PlaceOrder', {
      orderId,
      customerId,
      country: pick(countries),
      lines,
    })
    // The request for money follows by itself; whoever reports on it has to let it come first.
    await recorded(client, 'PaymentRequested', orderId)
    const { commandId: correlationId } = placed
    const luck = random()
    if (luck < 0.15) {
      await client.execute(
        'DeclinePayment',
        { paymentId: orderId, reason: 'card expired' },
        { correlationId },
      )
      return orderId
    }
    if (luck < 0.25) await refused(client.execute('ShipOrder', { orderId }))
    await client.execute('ReceivePayment', { paymentId: orderId }, { correlationId })
    return orderId
  }
}

/** Waits until there is an event of this type about this aggregate. */
export async function recorded(client: Client, type: string, aggregateId: string): Promise<void> {
  for await (const event of client.events({ types: [type] })) if (event.aggregateId === aggregateId) return
}

/** Waits for a command that the domain is to reject. */
export async function refused(execution: Promise<unknown>): Promise<void> {
  try {
    await execution
  } catch (error) {
    if (error instanceof HeadwaterProblem && error.rejected) return
    throw error
  }
  throw new Error('the command was accepted')
}

/** A small generator of the same numbers every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
