import { open, type Headwater } from 'headwater'
import { payload } from '../data/payload.ts'
import { streamNames } from '../data/streams.ts'
import { figure, type FigureKey } from '../figure.ts'
import { machineNow } from '../measure/machine-clock.ts'
import { percentile } from '../measure/statistics.ts'
import { bank, Deposited } from '../ours/bank.ts'
import { handlingModule } from '../ours/postgres/latency.ts'
import { missingPostgres, withDatabase } from '../postgres/cluster.ts'
import { HandledEvents, HandlingProcess } from '../postgres/handling.ts'
import type { Settings } from '../settings.ts'
import type { Bench } from './bench.ts'

/** More than one is left to take over, and each has something. */
const processes = 3
const partitions = 4

const parts = { p50: 0.5, longest: 1 } as const
const names = ['p50', 'longest'] as const
const key = (name: string): FigureKey => ({
  bench: 'failover',
  peer: 'undisturbed',
  callers: 1,
  figure: name,
})

/** Kills, again and again, the process that has a stream's partition, and waits for the stream's next event. */
export const failover: Bench = {
  name: 'failover',
  about: 'from kill -9 of a partition’s owner until another process handles the next event, in PostgreSQL',
  missing: missingPostgres,
  figures: ({ ours }) => (ours ? names.map(key) : []),
  run: async (settings, report) => {
    if (!settings.ours) return
    const trials = await withDatabase((url) => runTrials(url, settings))
    for (const name of names) {
      const of = (value: (trial: Trial) => number) => percentile(trials.map(value), parts[name])
      const taken = of(({ killed }) => killed)
      report(
        figure(
          key(name),
          taken,
          of(({ undisturbed }) => undisturbed),
          'ms',
        ),
      )
    }
  },
}

/** Milliseconds until the next event of a stream was handled: as long as all is well, and when its owner was killed. */
interface Trial {
  readonly undisturbed: number
  readonly killed: number
}

async function runTrials(url: string, { smoke, runs, streams }: Settings): Promise<readonly Trial[]> {
  const nextStream = streamNames(streams)
  const headwater = await open(bank, { db: url })
  const events = new HandledEvents()
  const alive = new Set<HandlingProcess>()
  const start = async () =>
    alive.add(await HandlingProcess.start(handlingModule, [url, String(partitions)], events))
  try {
    await Promise.all(Array.from({ length: processes }, start))
    const trials: Trial[] = []
    for (let trial = 0; trial < (smoke ? 2 : 4 * runs); trial++) {
      const stream = nextStream()
      await handled(headwater, stream, events)
      const before = machineNow()
      const { process: owner, at } = await handled(headwater, stream, events)
      const begin = machineNow()
      await owner.kill()
      alive.delete(owner)
      const next = await handled(headwater, stream, events)
      trials.push({ undisturbed: at - before, killed: next.at - begin })
      await start()
    }
    return trials
  } finally {
    for (const process of alive) await process.kill()
    await headwater.close()
  }
}

/** Appends to a stream, and tells who handled it. */
async function handled(headwater: Headwater, stream: string, events: HandledEvents) {
  const { position } = await headwater.append(stream, [Deposited(payload(0))])
  return events.take(position)
}
