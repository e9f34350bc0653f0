import { compareLatencies, latencyFigures, type LatencyComparison } from '../measure/latencies.ts'
import { ourLatency } from '../ours/postgres/latency.ts'
import { emmettLatency } from '../peers/postgres/emmett-latency.ts'
import { missingPostgres, withDatabase } from '../postgres/cluster.ts'
import type { Bench } from './bench.ts'

const comparison: LatencyComparison = { bench: 'latency-postgres', ours: ourLatency, theirs: emmettLatency }

export const latencyPostgres: Bench = {
  name: comparison.bench,
  about: 'from before an append until a handler in another process has it, otherwise idle, in PostgreSQL',
  missing: missingPostgres,
  figures: () => latencyFigures(comparison),
  run: (settings, report) => withDatabase((url) => compareLatencies(comparison, url, settings, report)),
}
