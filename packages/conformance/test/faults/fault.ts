import type { Store } from '@headwater/core'

/** Something wrong with a store, and the laws that have to find it. */
export interface Fault {
  readonly name: string
  readonly plant: (store: Store, now: () => number) => Store
  readonly foundBy: readonly string[]
}
