/**
 * All that the runtime knows of time: when it is, and how to wait. Injected, so that a test can let a day pass at once
 * (`virtualClock` of `headwater/spec`). What guards the process itself, such as the time limit of somebody who waits for
 * a view, goes by the machine's own clock.
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after so many milliseconds, or at once when the signal is aborted. Somebody's work waits for it. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** The same where nobody's work waits: only to look again whether there is something to do. */
  idle(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Calls back every so many milliseconds, until the function that it gives is called. Nobody's work waits for it. */
  every(milliseconds: number, work: () => void): () => void
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: wait,
  idle: wait,
  every: (milliseconds, work) => {
    const timer = setInterval(work, milliseconds)
    return () => clearInterval(timer)
  },
}

async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done, { once: true })
  })
}
