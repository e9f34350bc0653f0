import type { Bench } from './bench.ts'
import { appendBench } from './append.ts'
import { appendPostgres } from './append-postgres.ts'
import { appendPostgresProcesses } from './append-postgres-processes.ts'
import { command } from './command.ts'
import { commandPostgres } from './command-postgres.ts'
import { failover } from './failover.ts'
import { http } from './http.ts'
import { latency } from './latency.ts'
import { latencyPostgres } from './latency-postgres.ts'
import { memoryImage } from './memory-image.ts'
import { rebuild } from './rebuild.ts'
import { replay } from './replay.ts'
import { replayPostgres } from './replay-postgres.ts'
import { startup } from './startup.ts'
import { time } from './time.ts'
import { upcast } from './upcast.ts'

export const benches: readonly Bench[] = [
  appendBench('plain'),
  appendBench('full'),
  command,
  replay,
  rebuild,
  http,
  latency,
  memoryImage,
  startup,
  time,
  upcast,
  appendPostgres,
  appendPostgresProcesses,
  commandPostgres,
  replayPostgres,
  latencyPostgres,
  failover,
]
