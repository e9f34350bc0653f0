import { isServer } from '../data/files.ts'
import type { ReplayPeer } from './job.ts'

export const ours = 'headwater'
export const upcasted = 'headwater-upcasted'

/** Loads one peer's code and no other's: each process is to hold what it needs itself. */
export async function replayPeer(name: string, place: string): Promise<ReplayPeer> {
  switch (name) {
    case ours:
      return (await import('../ours/replay.ts')).ourReplay
    case upcasted:
      return (await import('../ours/replay.ts')).ourReplayUpcasted
    case 'raw-scan':
      return isServer(place)
        ? (await import('../peers/postgres/raw-scan.ts')).rawScan
        : (await import('../peers/raw-scan.ts')).rawScan
    case 'emmett-sqlite':
      return (await import('../peers/emmett-replay.ts')).emmettReplay
    case 'act-sqlite':
      return (await import('../peers/act-replay.ts')).actReplay
    case 'emmett-postgresql':
      return (await import('../peers/postgres/emmett-replay.ts')).emmettReplay
    default:
      throw new Error(`Nobody named ${name} takes part in the replay`)
  }
}
