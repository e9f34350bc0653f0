import { join } from 'node:path'
import { ourFile } from '../data/files.ts'
import { figure, type FigureKey, type Report } from '../figure.ts'
import { withFolder } from '../measure/scratch.ts'
import { timeCreating, timeOmitting, timeReading } from '../ours/branches.ts'
import { timeDeciding } from '../ours/decisions.ts'
import { fillTimes, measureTimes } from '../ours/time.ts'
import type { Bench } from './bench.ts'

const key = (name: string, peer = 'refold'): FigureKey => ({ bench: 'time', peer, callers: 1, figure: name })
const asOf = ['document-p95', 'hot-document-p95', 'step-p95', 'step-back-p95', 'jump-p95'] as const
const reads = ['document', 'aggregate', 'document-elsewhere', 'aggregate-elsewhere'] as const
const omissions = ['small', 'one-percent', 'hot', 'hot-undo'] as const
/** How much shorter the other log is on which branches are begun. */
const shorter = 100

interface Sizes {
  readonly events: number
  readonly samples: number
}

/** Against folding, or deciding, everything again. */
export const time: Bench = {
  name: 'time',
  about:
    'the past of a log: a document as of any position, a debugger’s steps; branches: to begin and to read them, to omit an event and see what differs, to replay decisions',
  figures: () => [
    ...asOf.map((name) => key(name)),
    key('branch-create', 'short-log'),
    ...reads.map((name) => key(`branch-${name}`, 'main')),
    ...omissions.map((name) => key(`omit-and-diff-${name}`)),
    key('replay-decisions', 'decide-anew'),
  ],
  async run({ events, runs, smoke, ours }, report) {
    const sizes = { events, samples: smoke ? 3 : 20 * runs }
    await withDatabase(async (db) => {
      await fillTimes(db, events)
      const times = await measureTimes(db, events, 2 * sizes.samples)
      for (const name of asOf) report(figure(key(name), ours ? times[name] : undefined, times.refold, 'ms'))
      if (ours) await branches(db, sizes, report)
    })
    if (!ours) return
    await withDatabase(async (db) => {
      const { anew, replay } = await timeDeciding(db, events, smoke ? 1 : 3)
      report(figure(key('replay-decisions', 'decide-anew'), replay, anew, 'ms'))
    })
  },
}

function withDatabase<Result>(work: (db: string) => Promise<Result>): Promise<Result> {
  return withFolder((folder) => work(join(folder, ourFile)))
}

async function branches(db: string, { events, samples }: Sizes, report: Report): Promise<void> {
  const creating = await timeCreating(db, samples)
  const short = await withDatabase(async (other) => {
    await fillTimes(other, Math.max(1, Math.round(events / shorter)))
    return timeCreating(other, samples)
  })
  report(figure(key('branch-create', 'short-log'), creating, short, 'ms'))
  const times = await timeReading(db, events, samples)
  for (const name of reads) {
    const { branch, main } = times[name]
    report(figure(key(`branch-${name}`, 'main'), branch, main, 'µs'))
  }
  for (const which of omissions) {
    // Folding the one key again takes as long as folding all.
    const { omit, refold } = await timeOmitting(db, events, which, which === 'hot' ? 2 : samples)
    report(figure(key(`omit-and-diff-${which}`), omit, refold, 'ms'))
  }
}
