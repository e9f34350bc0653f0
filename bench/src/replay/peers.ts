import type { Kind, ReplayPeer } from './job.ts'

export const ours = 'headwater'
export const upcasted = 'headwater-upcasted'
export const peers = ['raw-scan', 'emmett-sqlite', 'act-sqlite'] as const

/** Whom a kind is compared with: no peer has views in tables in its checkpoint's transaction that it fills in batches. */
export function peersOf(kind: Kind): readonly (typeof peers)[number][] {
  return kind === 'sql-view-10000' ? ['raw-scan'] : peers
}

/** Loads one peer's code and no other's: each process is to hold what it needs itself. */
export async function replayPeer(name: string): Promise<ReplayPeer> {
  switch (name) {
    case ours:
      return (await import('../ours/replay.ts')).ourReplay
    case upcasted:
      return (await import('../ours/replay.ts')).ourReplayUpcasted
    case 'raw-scan':
      return (await import('../peers/raw-scan.ts')).rawScan
    case 'emmett-sqlite':
      return (await import('../peers/emmett-replay.ts')).emmettReplay
    case 'act-sqlite':
      return (await import('../peers/act-replay.ts')).actReplay
    default:
      throw new Error(`Nobody named ${name} takes part in the replay`)
  }
}
