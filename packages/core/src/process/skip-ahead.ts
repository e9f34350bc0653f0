import { isHeadwaterError } from '../message/errors.ts'
import { systemClock } from '../log/clock.ts'
import { mainBranch } from '../log/port.ts'
import { allSlots } from '../log/slots.ts'
import type { Store } from '../log/store.ts'
import { actOf } from './act.ts'
import { alone } from './alone.ts'
import { checkpointAt } from './checkpoint.ts'
import { isPartitionLease, leasePrefix } from './lease-names.ts'

const timeLimit = 5_000

/**
 * Moves a processor to the log's end without processing: for events that had their effects elsewhere, such as those of
 * another log that are recorded again.
 *
 * @param processor a subscription's name
 * @param from what the processor must have reached; one that is behind it would miss other events
 * @param onError gets what goes wrong with leases; then the processor is not moved
 * @returns whether it was moved; false: it is behind, or another process runs it, and may have begun to handle them
 */
export async function skipAhead(
  store: Store,
  processor: string,
  from: number,
  onError: (error: unknown) => void,
): Promise<boolean> {
  const { log, progress } = store
  const place = { processor, branch: mainBranch }
  const held = await store.leases.held(leasePrefix)
  if (held.some(({ name }) => isPartitionLease(processor, name))) return false
  try {
    return await alone({ store, clock: systemClock, onError, timeLimit }, processor, async (expected) => {
      const head = await log.head(mainBranch)
      const to = await checkpointAt(log, head.position, head)
      if (expected.some(({ checkpoint }) => checkpoint.position < from)) return false
      if (expected.length > 0) {
        const act = actOf('reset', { why: 'what was imported had its effects elsewhere' }, Date.now())
        return progress.move({ ...place, to, expected }, act)
      }
      if (from > 0) return false
      await progress.begin({ ...place, ranges: [allSlots], checkpoint: to })
      return true
    })
  } catch (error) {
    if (isHeadwaterError(error, 'processor.busy')) return false
    throw error
  }
}
