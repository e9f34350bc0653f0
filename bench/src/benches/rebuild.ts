import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { figure, type FigureKey } from '../figure.ts'
import { withFolder } from '../measure/scratch.ts'
import { median } from '../measure/statistics.ts'
import { ourReplay } from '../ours/replay.ts'
import type { RebuildJob, RebuildResult } from '../rebuild/job.ts'
import { inOwnProcess } from '../replay/process.ts'
import type { Bench } from './bench.ts'

const key = (peer: string, name: string): FigureKey => ({ bench: 'rebuild', peer, callers: 1, figure: name })
const rate = key('replay', 'rate')
const latency = (name: string) => key('no-rebuild', `command-${name}`)

/** A view of 10,000 documents, folded anew beside 2,000 commands a second in the same process. */
export const rebuild: Bench = {
  name: 'rebuild',
  about: 'fold a view anew while 2,000 commands a second are decided in the same process',
  figures: ({ ours }) => (ours ? [rate, latency('p50'), latency('p99')] : []),
  run: async ({ ours, events, runs, smoke }, report) => {
    if (!ours) return
    const rebuilt: RebuildResult[] = []
    const replayed: number[] = []
    for (let round = 0; round < (smoke ? 1 : Math.min(runs, 3)); round += 1) {
      await withFolder(async (folder) => {
        await ourReplay.fill(folder, events)
        const { milliseconds } = await inOwnProcess({
          peer: ourReplay.name,
          kind: 'view-10000',
          place: folder,
          events,
          round,
        })
        replayed.push((events / milliseconds) * 1_000)
        const job = { folder, rate: smoke ? 200 : 2_000, alone: smoke ? 300 : 5_000 }
        rebuilt.push(await rebuildInOwnProcess(job))
      })
    }
    const of = (value: (result: RebuildResult) => number) => median(rebuilt.map(value))
    report(
      figure(
        rate,
        of((result) => result.rate),
        median(replayed),
        '/s',
      ),
    )
    for (const name of ['p50', 'p99'] as const) {
      const [beside, alone] = [of((result) => result.beside[name]), of((result) => result.alone[name])]
      report(figure(latency(name), beside, alone, 'ms'))
    }
    process.stderr.write(`  the slowest command took ${of(({ beside }) => beside.max).toFixed(1)} ms\n`)
  },
}

async function rebuildInOwnProcess(job: RebuildJob): Promise<RebuildResult> {
  const child = fork(join(import.meta.dirname, '../rebuild/child.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const answered = once(child, 'message') as Promise<[RebuildResult]>
  child.send(job)
  const [result] = await Promise.race([answered, exited.then(() => [undefined])])
  if (result === undefined) throw new Error('The rebuild ended without a result')
  await exited
  return result
}
