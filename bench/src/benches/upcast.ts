import { figure, type FigureKey } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import { withFolder } from '../measure/scratch.ts'
import type { Kind } from '../replay/job.ts'
import { ours, replayPeer, upcasted } from '../replay/peers.ts'
import { inOwnProcess } from '../replay/process.ts'
import type { Bench } from './bench.ts'

/** Those that look at the data of every event: who doesn't, pays nothing. */
const kinds = ['view-10000', 'view-40'] as const satisfies readonly Kind[]

const key = (name: string): FigureKey => ({ bench: 'upcast', peer: 'without', callers: 1, figure: name })

/** The very same log, folded by code of today, which upcasts every event twice, and by the code that wrote it. */
export const upcast: Bench = {
  name: 'upcast',
  about: 'fold a log whose events go through two upcasters; theirs is ours without them',
  figures: () => kinds.map(key),
  run: ({ events, runs, smoke, ours: withOurs }, report) =>
    withFolder(async (folder) => {
      await (await replayPeer(ours, folder)).fill(folder, events)
      for (const kind of kinds) {
        const turns = [...(withOurs ? [upcasted] : []), ours].map((peer) => {
          let round = 0
          return {
            name: peer,
            measure: async () => {
              const { milliseconds } = await inOwnProcess({
                peer,
                kind,
                place: folder,
                events,
                round: round++,
              })
              return (events / milliseconds) * 1_000
            },
          }
        })
        const rates = await interleave(turns, smoke ? 1 : Math.min(runs, 3), { warmUp: false })
        report(figure(key(kind), rates.get(upcasted), rates.get(ours) ?? 0, '/s'))
      }
    }),
}
