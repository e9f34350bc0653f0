import type { Envelope } from '@headwater/client'

/** How many of these events were recorded in each of the last `seconds` seconds, oldest first. */
export function perSecond(events: readonly Envelope[], now: number, seconds: number): number[] {
  const counts = new Array<number>(seconds).fill(0)
  const end = Math.floor(now / 1000)
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index]
    if (!event) continue
    const age = end - Math.floor(Date.parse(event.recordedAt) / 1000)
    if (age >= seconds) break
    // A server whose clock is ahead of the browser's counts as now.
    const at = seconds - 1 - Math.max(0, age)
    counts[at] = (counts[at] ?? 0) + 1
  }
  return counts
}

/** Each value as the mean of itself and its neighbours: what the eye should see of an uneven flow. */
export function smoothed(values: readonly number[], reach = 1): number[] {
  return values.map((_, index) => {
    const near = values.slice(Math.max(0, index - reach), index + reach + 1)
    return near.reduce((sum, value) => sum + value, 0) / near.length
  })
}
