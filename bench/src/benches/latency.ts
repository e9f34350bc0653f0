import { setTimeout as sleep } from 'node:timers/promises'
import { streamNames } from '../data/streams.ts'
import { figure, type FigureKey } from '../figure.ts'
import { withFolder } from '../measure/scratch.ts'
import { percentile } from '../measure/statistics.ts'
import { ourLatency } from '../ours/latency.ts'
import { emmettLatency } from '../peers/emmett-latency.ts'
import type { LatencyLoad } from '../peers/latency-peer.ts'
import type { Bench } from './bench.ts'

const percentiles = { p50: 0.5, p99: 0.99 } as const
const names = ['p50', 'p99'] as const
const key = (name: string): FigureKey => ({
  bench: 'latency',
  peer: emmettLatency.name,
  callers: 1,
  figure: name,
})

/** One append at a time with pauses that vary, so that no poller can fall into step with them. */
export const latency: Bench = {
  name: 'latency',
  about: 'from before an append until an asynchronous view has it, otherwise idle',
  figures: () => names.map(key),
  run: ({ smoke, ours, runs, streams }, report) =>
    withFolder(async (folder) => {
      const nextStream = streamNames(streams)
      const loads = {
        ours: ours ? await ourLatency.open(folder, nextStream) : undefined,
        theirs: await emmettLatency.open(folder, nextStream),
      }
      const times = { ours: [] as number[], theirs: [] as number[] }
      for (let round = smoke ? 0 : -1; round < runs; round++) {
        const mine = loads.ours === undefined ? [] : await samples(loads.ours, smoke ? 10 : 200)
        const theirs = await samples(loads.theirs, smoke ? 2 : 10)
        if (round < 0) continue
        times.ours.push(...mine)
        times.theirs.push(...theirs)
      }
      for (const name of names) {
        const mine = ours ? percentile(times.ours, percentiles[name]) : undefined
        report(figure(key(name), mine, percentile(times.theirs, percentiles[name]), 'ms'))
      }
      await loads.ours?.close()
      await loads.theirs.close()
    }),
}

async function samples(load: LatencyLoad, count: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    times.push(await load.sample())
    await sleep(1 + Math.random() * 19)
  }
  return times
}
