import { setTimeout as sleep } from 'node:timers/promises'
import { HeadwaterError } from '@headwater/core/errors'
import { isBusy } from './errors.ts'

const longestPause = 8

/**
 * Tries until no other process is in the way. SQLite's own way of waiting would block the thread, and with it every
 * request of this process; this one comes back after some milliseconds.
 *
 * @param timeLimit milliseconds
 * @throws HeadwaterError `log.busy`
 */
export async function whenFree<Result>(
  attempt: () => Result,
  path: string,
  timeLimit: number,
): Promise<Result> {
  const begin = performance.now()
  for (let pause = 1; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() - begin > timeLimit) {
        throw new HeadwaterError('log.busy', `${path} was locked by another process for ${timeLimit} ms`, {
          cause: error,
        })
      }
    }
    await sleep(pause * (0.5 + Math.random() / 2))
  }
}
