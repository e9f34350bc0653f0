import { type Headwater, open } from 'headwater'
import { onTestFinished } from 'vitest'
import app from '../app.ts'
import { PlaceOrder } from '../orders/commands.ts'

/** The shop in memory, until the test ends. */
export async function openShop(): Promise<Headwater> {
  const shop = await open(app, { db: 'memory:' })
  onTestFinished(() => shop.close())
  return shop
}

export const tea = { sku: 'TEA', description: 'Tea', quantity: 2, unitPrice: 350 }

/** An order of two packets of tea for £7.00, unless told otherwise. */
export function anOrder(order: Partial<Parameters<typeof PlaceOrder>[0]> & { readonly orderId: string }) {
  return PlaceOrder({ country: 'Norway', lines: [tea], ...order })
}

/** Waits for what another context does by subscription; the test's own time limit ends it otherwise. */
export async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
