import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** How long a disk takes to make a page of data safe. */
export interface SyncTimes {
  /** Milliseconds. */
  readonly median: number
  readonly worst: number
}

const rounds = 30

/** Writes pages to a file of its own in a folder, each synced, as a database does when it commits. */
export async function measureSync(folder: string): Promise<SyncTimes> {
  const own = await mkdtemp(join(folder, '.headwater-measure-'))
  try {
    const file = await open(join(own, 'pages'), 'w')
    try {
      const page = Buffer.alloc(4_096, 1)
      const times: number[] = []
      for (let round = 0; round < rounds; round++) {
        const begin = performance.now()
        await file.write(page)
        await file.datasync()
        times.push(performance.now() - begin)
      }
      return { median: percentile(times, 50), worst: percentile(times, 100) }
    } finally {
      await file.close()
    }
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

/** @param share in percent */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil((sorted.length * share) / 100) - 1)] ?? 0
}
