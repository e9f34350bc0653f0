import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

const longestPause = 64

/**
 * Tries again what failed because another connection was writing, after a pause that doubles and varies:
 * what a careful user of a peer would write around it.
 *
 * @param until the time (of `performance.now()`, in milliseconds) from which on a failure is a failure
 */
export async function retryBusy<Result>(until: number, operation: () => Promise<Result>): Promise<Result> {
  for (let pause = 1; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      return await operation()
    } catch (error) {
      if (performance.now() >= until || !isBusy(error)) throw error
      await sleep(pause * (0.5 + Math.random()))
    }
  }
}

/** As the peers word it: SQLite's own message, Emmett's failed rollback after it, libSQL's full pool and late commit. */
const busy =
  /SQLITE_BUSY|database is locked|cannot rollback - no transaction|held by open transactions|SQL statements in progress/

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return busy.test(error.message) || isBusy(error.cause)
}
