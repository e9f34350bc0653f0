// Taken before a test can replace it by a fake one: virtual time must not hold up who lost a race.
const { setTimeout } = globalThis

/** Milliseconds. */
const longestPause = 40

/** Lets others finish before the next attempt: a random while, which grows with the attempts, so that two don't keep meeting. */
export async function backOff(attempt: number): Promise<void> {
  const pause = Math.random() * Math.min(longestPause, 2 ** attempt)
  await new Promise<void>((resolve) => setTimeout(resolve, pause))
}
