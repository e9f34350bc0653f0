import { setTimeout as sleep } from 'node:timers/promises'
import { streamNames } from '../data/streams.ts'
import { figure, type FigureKey, type Report } from '../figure.ts'
import type { LatencyLoad, LatencyPeer } from '../peers/latency-peer.ts'
import type { Settings } from '../settings.ts'
import { percentile } from './statistics.ts'

const percentiles = { p50: 0.5, p99: 0.99 } as const
const names = ['p50', 'p99'] as const

export interface LatencyComparison {
  readonly bench: string
  readonly ours: LatencyPeer
  readonly theirs: LatencyPeer
}

export function latencyFigures({ bench, theirs }: LatencyComparison): readonly FigureKey[] {
  return names.map((name) => ({ bench, peer: theirs.name, callers: 1, figure: name }))
}

/** One append at a time with pauses that vary, so that no poller can fall into step with them. */
export async function compareLatencies(
  comparison: LatencyComparison,
  place: string,
  { smoke, ours, runs, streams }: Settings,
  report: Report,
): Promise<void> {
  const nextStream = streamNames(streams)
  const loads = {
    ours: ours ? await comparison.ours.open(place, nextStream) : undefined,
    theirs: await comparison.theirs.open(place, nextStream),
  }
  const times = { ours: [] as number[], theirs: [] as number[] }
  for (let round = smoke ? 0 : -1; round < runs; round++) {
    const mine = loads.ours === undefined ? [] : await samples(loads.ours, smoke ? 10 : 200)
    const theirs = await samples(loads.theirs, smoke ? 2 : 10)
    if (round < 0) continue
    times.ours.push(...mine)
    times.theirs.push(...theirs)
  }
  for (const key of latencyFigures(comparison)) {
    const part = percentiles[key.figure === 'p50' ? 'p50' : 'p99']
    report(figure(key, ours ? percentile(times.ours, part) : undefined, percentile(times.theirs, part), 'ms'))
  }
  await loads.ours?.close()
  await loads.theirs.close()
}

async function samples(load: LatencyLoad, count: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    times.push(await load.sample())
    await sleep(1 + Math.random() * 19)
  }
  return times
}
