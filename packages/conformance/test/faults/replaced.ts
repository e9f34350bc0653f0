import type { Store } from '@headwater/core'
import { replaced } from '../../src/replaced.ts'

export { replaced }

/** A store with some methods of one port replaced. */
export function spoilt<Port extends Exclude<keyof Store, 'name' | 'sql' | 'branches' | 'close'>>(
  store: Store,
  port: Port,
  changes: Partial<Store[Port]>,
): Store {
  return { ...store, [port]: replaced(store[port], changes) }
}
