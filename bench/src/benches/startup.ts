import { join } from 'node:path'
import { open } from 'headwater'
import { accountName } from '../data/payload.ts'
import { ourFile } from '../data/files.ts'
import { figure, type FigureKey } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import { withFolder } from '../measure/scratch.ts'
import { ourReplay } from '../ours/replay.ts'
import bank from '../startup/bank-app.ts'
import { nodeAlone, untilReady } from '../startup/serve.ts'
import type { Bench } from './bench.ts'

const key: FigureKey = { bench: 'startup', peer: 'node', callers: 1, figure: 'ready' }
const timeLimit = 15 * 60_000

/** A log whose views are caught up, as a server finds it that is started again. */
export const startup: Bench = {
  name: 'startup',
  about:
    'headwater serve is ready on a log of a million events, from the start of its process; theirs is Node alone',
  figures: () => [key],
  run: ({ events, runs, smoke, ours }, report) =>
    withFolder(async (folder) => {
      const db = join(folder, ourFile)
      if (ours) {
        await ourReplay.fill(folder, events)
        const headwater = await open(bank, { db })
        const [byAccount, byBranch] = ['by-account', 'by-branch'].map((name) => headwater.view(name))
        await byAccount?.get(accountName(0), { waitFor: events, timeLimit })
        await byBranch?.get('none', { waitFor: events, timeLimit })
        await headwater.close()
      }
      const turns = [
        ...(ours ? [{ name: 'headwater', measure: () => untilReady(db) }] : []),
        { name: 'node', measure: nodeAlone },
      ]
      const times = await interleave(turns, smoke ? 1 : runs, { warmUp: !smoke })
      report(figure(key, times.get('headwater'), times.get('node') ?? 0, 'ms'))
    }),
}
