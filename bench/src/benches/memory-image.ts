import { join } from 'node:path'
import { figure, type FigureKey } from '../figure.ts'
import type { ImageJob, Way } from '../image/job.ts'
import { inNewProcess } from '../measure/in-process.ts'
import { interleave } from '../measure/interleave.ts'
import { withFolder } from '../measure/scratch.ts'
import { ourReplay } from '../ours/replay.ts'
import type { Bench } from './bench.ts'

const key = (name: string): FigureKey => ({
  bench: 'memory-image',
  peer: 'raw-fold',
  callers: 1,
  figure: name,
})
const child = join(import.meta.dirname, '../image/child.ts')
/** The part of the log that comes after the snapshot. */
const after = 0.02

/** Each start in a process of its own, from opening the database until the image has the last event. */
export const memoryImage: Bench = {
  name: 'memory-image',
  about: 'a memory image of 10,000 keys is there: from the log, and from a snapshot and the last 2 % of it',
  figures: () => ['from-log', 'from-snapshot'].map(key),
  run: ({ events, runs, smoke, ours }, report) =>
    withFolder(async (folder) => {
      const job = (way: ImageJob['way']): Promise<number> =>
        inNewProcess(child, { way, folder, events } satisfies ImageJob)
      await ourReplay.fill(folder, Math.round(events * (1 - after)))
      if (ours) await job('save')
      await ourReplay.fill(folder, Math.round(events * after))
      const ways: readonly Way[] = ours ? ['from-log', 'from-snapshot', 'raw'] : ['raw']
      const turns = ways.map((way) => ({ name: way, measure: () => job(way) }))
      const times = await interleave(turns, smoke ? 1 : Math.min(runs, 3), { warmUp: false })
      for (const way of ['from-log', 'from-snapshot'] as const)
        report(figure(key(way), times.get(way), times.get('raw') ?? 0, 'ms'))
    }),
}
