import { compareLatencies, latencyFigures, type LatencyComparison } from '../measure/latencies.ts'
import { withFolder } from '../measure/scratch.ts'
import { ourLatency } from '../ours/latency.ts'
import { emmettLatency } from '../peers/emmett-latency.ts'
import type { Bench } from './bench.ts'

const comparison: LatencyComparison = { bench: 'latency', ours: ourLatency, theirs: emmettLatency }

export const latency: Bench = {
  name: comparison.bench,
  about: 'from before an append until an asynchronous view has it, otherwise idle',
  figures: () => latencyFigures(comparison),
  run: (settings, report) => withFolder((folder) => compareLatencies(comparison, folder, settings, report)),
}
