import { HeadwaterError } from '../message/errors.ts'
import type { Clock } from '../log/clock.ts'
import type { Lease } from '../log/leases.ts'
import { leaseOwner } from '../log/owner.ts'
import type { Partition } from '../log/partitions.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import { operatorLease, partitionLease } from './lease-names.ts'

export interface AloneParts {
  readonly store: Store
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** Milliseconds that handlers under way may take. Default 30,000. */
  readonly timeLimit?: number
}

const leaseDuration = 5_000
const pause = 20

/**
 * Does something to a processor while nobody processes: those who run it see the operator's lease, finish what is under
 * way and let go. If this process dies meanwhile, they go on when the lease has run out.
 *
 * @param work gets the partitions that there are, and the operator's lease: what it changes should expect them, or be
 *   fenced by it, as leases can be lost
 * @throws HeadwaterError `processor.busy`
 */
export async function alone<Result>(
  { store, clock, onError, timeLimit = 30_000 }: AloneParts,
  processor: string,
  work: (partitions: readonly Partition[], lease: Lease) => Promise<Result>,
): Promise<Result> {
  const owner = leaseOwner()
  const keeper = new LeaseKeeper({ leases: store.leases, clock, duration: leaseDuration, onError })
  const held = new Map<string, Lease>()
  const deadline = performance.now() + timeLimit
  /** The operator's lease is the first one: only its holder goes on to the others. */
  const acquire = async (names: readonly string[]): Promise<boolean> => {
    for (const name of names) {
      if (held.has(name)) continue
      const lease = await keeper.acquire(name, owner, () => held.delete(name))
      if (lease === undefined) return false
      held.set(name, lease)
    }
    return true
  }
  try {
    for (;;) {
      const partitions = await store.progress.partitions(processor, mainBranch)
      const ranges = partitions.map((range) => partitionLease(processor, range))
      if (await acquire([operatorLease(processor), ...ranges])) {
        const now = await store.progress.partitions(processor, mainBranch)
        const lease = held.get(operatorLease(processor))
        if (lease !== undefined && haveSameRanges(partitions, now)) return await work(now, lease)
      }
      if (performance.now() > deadline) throw busy(processor, timeLimit)
      await clock.sleep(pause)
    }
  } finally {
    for (const lease of held.values()) await keeper.release(lease)
  }
}

function haveSameRanges(ones: readonly Partition[], others: readonly Partition[]): boolean {
  return (
    ones.length === others.length &&
    ones.every(({ first, generation }, index) => {
      const other = others[index]
      return first === other?.first && generation === other.generation
    })
  )
}

function busy(processor: string, timeLimit: number): HeadwaterError {
  return new HeadwaterError(
    'processor.busy',
    `${processor} was not let go of within ${timeLimit} ms: a handler takes its time, or another operator is at work`,
    { details: { processor } },
  )
}
