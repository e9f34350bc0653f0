import { figure, type FigureKey } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import { withFolder } from '../measure/scratch.ts'
import { kinds, type Kind } from '../replay/job.ts'
import { ours, peers, peersOf, replayPeer } from '../replay/peers.ts'
import { inOwnProcess } from '../replay/process.ts'
import type { Settings } from '../settings.ts'
import type { Bench } from './bench.ts'

const key = (peer: string, name: string): FigureKey => ({ bench: 'replay', peer, callers: 1, figure: name })
const memory = key('raw-scan', 'memory-growth')
const megabyte = 1_000_000

/** Each replay in a process of its own; ours and the raw scan read the very same file. */
export const replay: Bench = {
  name: 'replay',
  about: 'fold a log into a view of 10,000 keys, a view of 40 keys, a handler, and a table of 10,000 rows',
  figures: () => [...kinds.flatMap((kind) => peersOf(kind).map((peer) => key(peer, kind))), memory],
  run: (settings, report) =>
    withFolder(async (folder) => {
      const all = settings.ours ? [ours, ...peers] : peers
      const events = new Map<string, number>()
      for (const name of all) {
        const peer = await replayPeer(name)
        events.set(name, peer.share(settings.events))
        await peer.fill(folder, peer.share(settings.events))
      }
      const growth = new Map<string, number>()
      for (const kind of kinds) {
        const compared = peersOf(kind)
        const names = settings.ours ? [ours, ...compared] : compared
        const figures = await measure(kind, names, folder, events, settings, growth)
        for (const peer of compared)
          report(figure(key(peer, kind), figures.get(ours), figures.get(peer) ?? 0, '/s'))
      }
      report(figure(memory, growth.get(ours), growth.get('raw-scan') ?? 0, 'MB'))
    }),
}

async function measure(
  kind: Kind,
  names: readonly string[],
  folder: string,
  events: ReadonlyMap<string, number>,
  { runs, smoke }: Settings,
  growth: Map<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const turns = names.map((name) => {
    let round = 0
    return {
      name,
      measure: async () => {
        const count = events.get(name) ?? 0
        const result = await inOwnProcess({ peer: name, kind, folder, events: count, round: round++ })
        growth.set(name, Math.max(growth.get(name) ?? 0, result.growth / megabyte))
        return (count / result.milliseconds) * 1000
      },
    }
  })
  return interleave(turns, smoke ? 1 : Math.min(runs, 3), { warmUp: false })
}
