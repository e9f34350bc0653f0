import { HeadwaterError } from '../../message/errors.ts'

// Taken before a test can replace them by fake ones: virtual time must not stop the store.
const { setImmediate } = globalThis

/**
 * What every call passes. It takes a turn of the event loop, as if there were a disk: what races on a real store races
 * here too, and a loop of calls keeps no timer of the caller from firing. Everything after it is synchronous, so a call
 * sees and changes the store as if it were alone.
 */
export class Gate {
  readonly #name: string
  #isClosed = false

  constructor(name: string) {
    this.#name = name
  }

  /** @throws HeadwaterError `log.closed` */
  async pass(): Promise<void> {
    if (this.#isClosed) throw new HeadwaterError('log.closed', `${this.#name} is closed`)
    await new Promise<void>((resolve) => setImmediate(resolve))
  }

  close(): void {
    this.#isClosed = true
  }
}
