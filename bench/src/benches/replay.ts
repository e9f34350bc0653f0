import { withFolder } from '../measure/scratch.ts'
import { compareReplays, fillReplays, replayFigures, type Comparison } from '../replay/compare.ts'
import type { Bench } from './bench.ts'

const peers = ['raw-scan', 'emmett-sqlite', 'act-sqlite'] as const

const comparison: Comparison = {
  bench: 'replay',
  kinds: {
    'view-10000': peers,
    'view-40': peers,
    handler: peers,
    // No peer has views in tables in its checkpoint's transaction that it fills in batches.
    'sql-view-10000': ['raw-scan'],
  },
}

export const replay: Bench = {
  name: comparison.bench,
  about: 'fold a log into a view of 10,000 keys, a view of 40 keys, a handler, and a table of 10,000 rows',
  figures: () => replayFigures(comparison),
  run: (settings, report) =>
    withFolder(async (folder) => {
      await fillReplays(comparison, folder, settings)
      await compareReplays(comparison, folder, settings, report)
    }),
}
