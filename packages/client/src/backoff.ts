/** How long to wait before trying again, in milliseconds. */
export interface Backoff {
  /** The wait before the first repetition; doubles with each one. */
  readonly initial: number
  /** No wait is longer than this. */
  readonly max: number
}

/**
 * The wait before repetition number `attempt` (from 0), between half and all of the doubled time, so that
 * many clients that lost one server at once do not come back at once.
 */
export function delayOf(attempt: number, { initial, max }: Backoff, random = Math.random): number {
  const ceiling = Math.min(max, initial * 2 ** Math.min(attempt, 30))
  return ceiling / 2 + (ceiling / 2) * random()
}

/** Resolves after `time` milliseconds, or at once when the signal aborts. */
export function pause(time: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, time)
    signal?.addEventListener('abort', done)
  })
}
