import { missingPostgres, query, withDatabase } from '../postgres/cluster.ts'
import { compareReplays, fillReplays, replayFigures, type Comparison } from '../replay/compare.ts'
import type { Bench } from './bench.ts'

const peers = ['raw-scan', 'emmett-postgresql'] as const

const comparison: Comparison = {
  bench: 'replay-postgres',
  kinds: { 'view-10000': peers, 'sql-view-10000': peers },
}

export const replayPostgres: Bench = {
  name: comparison.bench,
  about: 'fold a log into a view of 10,000 keys, and into a table of 10,000 rows, in PostgreSQL',
  missing: missingPostgres,
  figures: () => replayFigures(comparison),
  run: (settings, report) =>
    withDatabase(async (url) => {
      await fillReplays(comparison, url, settings)
      // As autovacuum does within a minute or two where it is on: without statistics the raw scan sorts what is left of the log.
      await query(url, 'VACUUM ANALYZE')
      await compareReplays(comparison, url, settings, report)
    }),
}
