import { type AnyLine, kindOf } from './line.ts'

/** In the first year there was one currency, and nobody named it. */
export interface PlacedV1 {
  readonly orderId: string
  readonly customerId?: string | undefined
  readonly country: string
  readonly lines: AnyLine[]
  readonly total: number
}

/** Then it was named. What was found or lost in the warehouse was an order without prices, as its lines could tell. */
export interface PlacedV2 extends PlacedV1 {
  readonly currency: string
}

export interface CancelledV1 extends PlacedV1 {
  readonly reason: string
}

export interface CancelledV2 extends PlacedV2 {
  readonly reason: string
}

/** Since version 3 an order says what it is. */
export const placedBefore = {
  1: (old: PlacedV1) => ({ ...old, currency: 'GBP' }),
  2: (old: PlacedV2) => ({ ...old, kind: kindOf(old.lines) }),
}

/** A cancellation repeats what was ordered, and has changed with it. */
export const cancelledBefore = {
  1: (old: CancelledV1) => ({ ...old, currency: 'GBP' }),
  2: (old: CancelledV2) => ({ ...old, kind: kindOf(old.lines) }),
}
