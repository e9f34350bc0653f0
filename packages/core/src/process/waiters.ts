import { HeadwaterError } from '../message/errors.ts'

/** Milliseconds between looks at a position that another process moves. */
const pollInterval = 10

interface Waiter {
  readonly position: number
  readonly resolve: () => void
}

/** Callers who wait until a position is reached, here or in another process. */
export class PositionWaiters {
  readonly #waiters = new Set<Waiter>()
  readonly #readPosition: () => Promise<number>
  #polling: NodeJS.Timeout | undefined
  #isLooking = false

  constructor(readPosition: () => Promise<number>) {
    this.#readPosition = readPosition
  }

  /** @throws HeadwaterError `view.wait-timeout` */
  async wait(name: string, position: number, timeLimit: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { position, resolve }
    const fail = (why: string) =>
      reject(new HeadwaterError('view.wait-timeout', `${name} did not reach position ${position}: ${why}`))
    const timer = setTimeout(() => fail(`${timeLimit} ms have passed`), timeLimit)
    const abort = (): void => fail('the caller went away')
    signal?.addEventListener('abort', abort, { once: true })
    this.#waiters.add(waiter)
    // The processor may run in another process, which can't wake us.
    this.#polling ??= setInterval(() => this.#look(), pollInterval)
    this.#look()
    try {
      await promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      this.#waiters.delete(waiter)
      if (this.#waiters.size === 0) this.close()
    }
  }

  /** Everything up to the position is done. */
  advance(position: number): void {
    for (const waiter of this.#waiters) if (waiter.position <= position) waiter.resolve()
  }

  close(): void {
    clearInterval(this.#polling)
    this.#polling = undefined
  }

  #look(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    // A failing store shows in the processor's own status; here the time limit ends the wait.
    this.#readPosition()
      .then(
        (position) => this.advance(position),
        () => undefined,
      )
      .finally(() => {
        this.#isLooking = false
      })
  }
}
