import { performance } from 'node:perf_hooks'

/**
 * Sends commands at a rate, whether or not those before are answered: who comes to a server doesn't wait for others. What
 * is measured is the time from when a command was due until it was answered, so a stall counts for all that came in it.
 */
export class Traffic {
  readonly #rate: number
  readonly #send: () => Promise<unknown>
  readonly #underway = new Set<Promise<void>>()
  #latencies: number[] = []
  #due = 0
  #timer: NodeJS.Timeout | undefined

  /** @param rate commands a second */
  constructor(rate: number, send: () => Promise<unknown>) {
    this.#rate = rate
    this.#send = send
  }

  start(): void {
    this.#due = performance.now()
    this.#timer = setInterval(() => this.#sendDue(), 1)
  }

  /** Milliseconds that each command took that was answered since the last call. */
  take(): readonly number[] {
    const taken = this.#latencies
    this.#latencies = []
    return taken
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#underway)
  }

  #sendDue(): void {
    const now = performance.now()
    for (; this.#due <= now; this.#due += 1_000 / this.#rate) this.#sendOne(this.#due)
  }

  #sendOne(due: number): void {
    const sent = this.#send().then(() => {
      this.#latencies.push(performance.now() - due)
    })
    this.#underway.add(sent)
    void sent.then(() => this.#underway.delete(sent))
  }
}
