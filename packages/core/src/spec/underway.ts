import { AsyncLocalStorage } from 'node:async_hooks'

// Taken before a test can replace them by fake ones: virtual time must not stop what watches over it.
const { setImmediate, setTimeout, clearTimeout } = globalThis

/** Turns of the event loop in which nothing is begun, after which nothing will be: the runtime's own pauses take one. */
const quietTurns = 3

/** Something under way, and within what. */
interface Work {
  readonly name: string
  readonly within: Work | undefined
  /** How many of its parts sleep: it can't go on before time does. */
  asleep: number
}

const current = new AsyncLocalStorage<Work>()

/** What is under way: calls of the store, handlers, commands. What sleeps isn't. */
export class Underway {
  readonly #patience: number
  readonly #works = new Set<Work>()
  #wake: (() => void) | undefined

  /** @param patience milliseconds of the machine's time in which something has to end or fall asleep */
  constructor(patience: number) {
    this.#patience = patience
  }

  async track<T>(name: string, begin: () => Promise<T>): Promise<T> {
    const work = { name, within: current.getStore(), asleep: 0 }
    this.#works.add(work)
    try {
      return await current.run(work, begin)
    } finally {
      this.#works.delete(work)
      this.#wake?.()
    }
  }

  /** Whoever calls it sleeps until the function is called that it gives. */
  sleep(): () => void {
    const sleeping: Work[] = []
    for (let work = current.getStore(); work !== undefined; work = work.within) sleeping.push(work)
    for (const work of sleeping) work.asleep += 1
    this.#wake?.()
    return () => {
      for (const work of sleeping) work.asleep -= 1
    }
  }

  get #awake(): readonly string[] {
    return [...this.#works].filter(({ asleep }) => asleep === 0).map(({ name }) => name)
  }

  /**
   * Resolves when nothing is under way and nothing begins by itself.
   *
   * @throws Error that names what does not end
   */
  async settled(): Promise<void> {
    for (let turns = 0; turns < quietTurns; ) {
      if (this.#awake.length > 0) {
        await this.#nextEnd()
        turns = 0
      } else {
        await new Promise<void>((resolve) => setImmediate(resolve))
        turns += 1
      }
    }
  }

  async #nextEnd(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = (): void => {
      const names = [...new Set(this.#awake)].join(', ')
      reject(new Error(`Nothing has ended for ${this.#patience} ms; still under way: ${names}`))
    }
    const timer = setTimeout(giveUp, this.#patience)
    this.#wake = resolve
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#wake = undefined
    }
  }
}
