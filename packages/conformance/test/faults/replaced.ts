import type { Store } from '@headwater/core'

/** The same object with some of its methods replaced. */
export function replaced<Target extends object>(target: Target, changes: Partial<Target>): Target {
  return new Proxy(target, {
    get(own, name) {
      const value: unknown = Reflect.get(changes, name) ?? Reflect.get(own, name)
      return typeof value === 'function' ? value.bind(own) : value
    },
  })
}

/** A store with some methods of one port replaced. */
export function spoilt<Port extends 'log' | 'commands' | 'documents' | 'progress' | 'leases'>(
  store: Store,
  port: Port,
  changes: Partial<Store[Port]>,
): Store {
  return { ...store, [port]: replaced(store[port], changes) }
}
