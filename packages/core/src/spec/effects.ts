import { differences } from './difference.ts'

/** A stand-in for a system outside that ignores repeats, as mail services, payment providers and queues do. */
export interface Effects<Effect> {
  /**
   * Has an effect once per key.
   *
   * @param key the handler's `idempotencyKey`, or what is derived from it
   * @throws Error where the key was used with another effect: a repeat has to be the same
   */
  once(key: string, effect: Effect): Promise<void>
  /** What happened, in order. */
  readonly all: readonly Effect[]
  /** How often it was asked, repeats included. */
  readonly calls: number
}

/**
 * Stands in for a system outside, so that a test can see that an effect was had, and had once.
 *
 * @example
 * const mails = effects<{ to: string }>()
 * subscription('welcome', { …, handle: ({ data }, { idempotencyKey }) => mails.once(idempotencyKey, { to: data.email }) })
 */
export function effects<Effect>(): Effects<Effect> {
  const byKey = new Map<string, Effect>()
  let calls = 0
  return {
    once: async (key, effect) => {
      calls += 1
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, effect)
      else if (differences(known, effect).length > 0)
        throw new Error(`The key ${key} was used before, with another effect`)
    },
    get all() {
      return [...byKey.values()]
    },
    get calls() {
      return calls
    },
  }
}
