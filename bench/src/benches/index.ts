import type { Bench } from './bench.ts'
import { appendBench } from './append.ts'
import { command } from './command.ts'
import { http } from './http.ts'
import { latency } from './latency.ts'
import { replay } from './replay.ts'

export const benches: readonly Bench[] = [
  appendBench('plain'),
  appendBench('full'),
  command,
  replay,
  http,
  latency,
]
