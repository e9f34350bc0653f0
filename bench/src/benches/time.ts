import { figure, type FigureKey } from '../figure.ts'
import { withFolder } from '../measure/scratch.ts'
import { fillTimes, measureTimes } from '../ours/time.ts'
import type { Bench } from './bench.ts'

const key = (name: string): FigureKey => ({ bench: 'time', peer: 'refold', callers: 1, figure: name })
const names = ['document-p95', 'hot-document-p95', 'step-p95', 'step-back-p95', 'jump-p95'] as const

/** Against folding everything up to the position again. */
export const time: Bench = {
  name: 'time',
  about:
    'a document as of any position, one of 10,000 keys and one of 40; a debugger’s step on, back and to any position',
  figures: () => names.map(key),
  run: ({ events, runs, smoke, ours }, report) =>
    withFolder(async (folder) => {
      await fillTimes(folder, events)
      const times = await measureTimes(folder, events, smoke ? 5 : 40 * runs)
      for (const name of names) report(figure(key(name), ours ? times[name] : undefined, times.refold, 'ms'))
    }),
}
