import { performance } from 'node:perf_hooks'

/** What came of a slice of load: operations that succeeded, operations that failed for good, and how long it took. */
export interface Slice {
  readonly done: number
  readonly failed: number
  readonly milliseconds: number
}

/**
 * Keeps so many callers busy for a time: each awaits its operation, then begins the next.
 * The clock stops when the last of them is answered, so nothing unanswered is counted.
 *
 * @param operation gets the time (of `performance.now()`) at which the slice ends, and which of the callers calls, from 0
 */
export async function drive(
  callers: number,
  milliseconds: number,
  operation: (end: number, caller: number) => Promise<unknown>,
): Promise<Slice> {
  let done = 0
  let failed = 0
  const begin = performance.now()
  const end = begin + milliseconds
  const call = async (caller: number) => {
    do {
      try {
        await operation(end, caller)
        done++
      } catch (error) {
        failed++
        note(error)
      }
    } while (performance.now() < end)
  }
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)))
  return { done, failed, milliseconds: performance.now() - begin }
}

/** The same for a synchronous peer: `batch` does so many operations in one call. */
export function driveBatches(size: number, milliseconds: number, batch: (size: number) => void): Slice {
  let done = 0
  const begin = performance.now()
  const end = begin + milliseconds
  do {
    batch(size)
    done += size
  } while (performance.now() < end)
  return { done, failed: 0, milliseconds: performance.now() - begin }
}

export function perSecond(slice: Slice): number {
  return (slice.done / slice.milliseconds) * 1000
}

const failures = new Map<string, number>()

function note(error: unknown): void {
  const message = error instanceof Error ? rootOf(error).message : String(error)
  failures.set(message, (failures.get(message) ?? 0) + 1)
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error
}

/** The failures since the last call, by message. */
export function takeFailures(): ReadonlyMap<string, number> {
  const taken = new Map(failures)
  failures.clear()
  return taken
}
