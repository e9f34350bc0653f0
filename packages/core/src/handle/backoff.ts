// Taken before a test can replace it by a fake one: virtual time must not hold up who lost a race.
const { setTimeout } = globalThis

/** Milliseconds. */
const longestPause = 40

/** From 0 up to 1, without it. */
export type Random = () => number

/** Lets others finish before the next attempt. @param attempt which one has failed, from 1 */
export type BackOff = (attempt: number) => Promise<void>

/**
 * Waits a random while that grows with the attempts, anything from nothing up to a limit ("full jitter", Marc Brooker,
 * "Exponential Backoff and Jitter"): two that take the same time for each attempt don't keep meeting.
 */
export function backOffBy(random: Random): BackOff {
  return async (attempt) => {
    const pause = random() * Math.min(longestPause, 2 ** attempt)
    await new Promise<void>((resolve) => setTimeout(resolve, pause))
  }
}
