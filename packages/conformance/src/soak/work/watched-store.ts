import type { Leases, PartitionKey, Progress, Store } from '@headwater/core'
import { replaced } from '../../replaced.ts'
import { type Journal, microseconds } from '../journal.ts'

/** A store that writes down who got which lease, what was committed under it, and where partitions were seen to stand. */
export function watched(store: Store, journal: Journal, life: string): Store {
  let turns = 0
  const leases: Partial<Leases> = {
    acquire: async (name, owner, duration) => {
      const lease = await store.leases.acquire(name, owner, duration)
      if (lease !== undefined) journal.write({ kind: 'lease', name, owner, token: lease.token })
      return lease
    },
  }
  const progress: Partial<Progress> = {
    commit: async (commit) => {
      const { processor, lease, partition, checkpoint } = commit
      turns += 1
      const turn = `${life}/commit-${turns}`
      journal.write({
        kind: 'committing',
        turn,
        processor,
        lease: lease.name,
        token: lease.token,
        partition: partition === undefined ? '' : nameOf(partition),
        position: checkpoint?.position ?? null,
      })
      await store.progress.commit(commit)
      journal.write({ kind: 'committed', turn })
    },
    partitions: async (processor, branch) => {
      const since = microseconds()
      const partitions = await store.progress.partitions(processor, branch)
      const stood = partitions.map((partition) => [nameOf(partition), partition.checkpoint.position] as const)
      journal.write({ kind: 'stood', since, processor, partitions: stood })
      return partitions
    },
    reset: (processor, branch) => {
      journal.write({ kind: 'forgetting', processor })
      return store.progress.reset(processor, branch)
    },
  }
  return {
    ...store,
    leases: replaced(store.leases, leases),
    progress: replaced(store.progress, progress),
  }
}

function nameOf({ first, last, generation }: PartitionKey): string {
  return `${first}-${last}/${generation}`
}
