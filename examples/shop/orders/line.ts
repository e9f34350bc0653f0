import { z } from 'zod'

/** One line of an order or a credit note; prices are in pence. */
export const Line = z
  .object({
    sku: z.string().min(1).max(100),
    description: z.string().max(500),
    quantity: z
      .int()
      .min(-1_000_000)
      .max(1_000_000)
      .describe('Not zero. Negative only where the price is zero: the stock is corrected, nothing is sold.'),
    unitPrice: z.int().min(0).max(100_000_000).describe('In pence'),
  })
  .superRefine(({ quantity, unitPrice }, { addIssue }) => {
    if (quantity === 0) addIssue({ code: 'custom', path: ['quantity'], message: 'must not be zero' })
    if (quantity < 0 && unitPrice > 0) {
      addIssue({
        code: 'custom',
        path: ['quantity'],
        message: 'may be negative only where unitPrice is 0; goods that come back are a credit note',
      })
    }
  })

/** One line of a credit note: what came back, counted upwards. */
export const CreditLine = z.object({
  sku: z.string().min(1).max(100),
  description: z.string().max(500),
  quantity: z.int().min(1).max(1_000_000),
  unitPrice: z.int().min(0).max(100_000_000).describe('In pence'),
})

export type AnyLine = z.infer<typeof Line>

/** What an order may be: goods that are sold, or a count of the warehouse that was set right. */
export const kinds = ['sale', 'correction'] as const

export function kindOf(lines: readonly Priced[]): (typeof kinds)[number] {
  return lines.every(({ unitPrice }) => unitPrice === 0) ? 'correction' : 'sale'
}

interface Priced {
  readonly quantity: number
  readonly unitPrice: number
}

/** What lines cost together, in pence. */
export function totalOf(lines: readonly Priced[]): number {
  return lines.reduce((total, line) => total + line.quantity * line.unitPrice, 0)
}
