/** Milliseconds for which calls may follow one another within a turn of the event loop. */
const longest = 10

let current: { readonly began: number; readonly over: Promise<void> } | undefined

/**
 * What SQLite does on the calling thread is done at once, so who calls it in a loop would never leave the turn of the event
 * loop in which it began: no timer would fire, no lease be renewed and no request be answered until the loop ends. So a
 * call waits for the next turn when this one has lasted for some milliseconds.
 *
 * @returns undefined: the call may go on
 */
export function turnOver(): Promise<void> | undefined {
  if (current === undefined) {
    const over = new Promise<void>((resolve) => {
      setImmediate(() => {
        current = undefined
        resolve()
      })
    })
    current = { began: performance.now(), over }
    return undefined
  }
  return performance.now() - current.began < longest ? undefined : current.over
}
