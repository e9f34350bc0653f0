/**
 * Ids that are the same in every run, of the form that the log expects (UUID version 7): they hold the time and a number.
 * `019b76da-a800-7000-8000-000000000003` is the third one, made when virtual time began.
 *
 * @param now epoch milliseconds
 */
export function virtualIds(now: () => number): () => string {
  let made = 0
  return () => {
    made += 1
    const time = now().toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, '0')}`
  }
}
