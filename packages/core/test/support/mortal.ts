import { memoryStore, type Store } from '@headwater/core'

/** A store that outlives the runtimes on it, each of which may be killed. */
export interface LastingStore {
  readonly store: Store
  /** For one runtime: closing it leaves the store open, and killing it lets none of its calls through or back. */
  mortal(): { readonly store: Store; readonly kill: () => void; readonly isDead: () => boolean }
}

export function lastingStore(store: Store = memoryStore()): LastingStore {
  return {
    store,
    mortal: () => {
      let dead = false
      return {
        store: { ...watched(store, () => dead), close: async () => undefined },
        kill: () => {
          dead = true
        },
        isDead: () => dead,
      }
    },
  }
}

const forever = new Promise<never>(() => undefined)

function watched<Part extends object>(part: Part, isDead: () => boolean): Part {
  return new Proxy(part, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value === 'object' && value !== null) return watched(value, isDead)
      if (typeof value !== 'function') return value
      return (...given: unknown[]): unknown => {
        if (isDead()) return forever
        const result: unknown = Reflect.apply(value, target, given)
        return result instanceof Promise ? result.then((answer) => (isDead() ? forever : answer)) : result
      }
    },
  })
}
