import { eventId, newId } from '../message/identity.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'

const leaseDuration = 5_000

/**
 * Moves a processor to the log's end without processing: for events that had their effects elsewhere, such as those of
 * another log that are recorded again.
 *
 * @param processor a subscription's name
 * @param from what the processor must have reached; one that is behind it would miss other events
 * @returns whether it was moved; false: it is behind, or another process runs it
 */
export async function skipAhead(store: Store, processor: string, from: number): Promise<boolean> {
  const lease = await store.leases.acquire(`processor:${processor}`, newId(), leaseDuration)
  if (lease === undefined) return false
  try {
    const checkpoint = await store.progress.checkpoint(processor, mainBranch)
    if ((checkpoint?.position ?? 0) < from) return false
    const { epoch, position } = await store.log.head(mainBranch)
    const { events } = await store.log.read({
      branch: mainBranch,
      tenant: undefined,
      after: position - 1,
      limit: 1,
    })
    const last = events[0]
    await store.progress.commit({
      processor,
      branch: mainBranch,
      lease,
      checkpoint: {
        epoch,
        position,
        eventId: last === undefined ? null : eventId(last.commandId, last.ordinal),
      },
      documents: [],
      park: [],
      unpark: [],
    })
    return true
  } finally {
    await store.leases.release(lease)
  }
}
