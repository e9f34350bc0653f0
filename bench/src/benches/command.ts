import { figure, type FigureKey } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import { perSecond, takeFailures } from '../measure/load.ts'
import { checkSameRows } from '../measure/same-rows.ts'
import { makeFolder, removeFolder } from '../measure/scratch.ts'
import { ourCommand } from '../ours/command.ts'
import type { CommandLoad, CommandPeer } from '../peers/command-peer.ts'
import { emmettCommand } from '../peers/emmett-command.ts'
import { rawCommand } from '../peers/raw-command.ts'
import type { Settings } from '../settings.ts'
import type { Bench } from './bench.ts'

const callers = 64
const peers: readonly CommandPeer[] = [rawCommand, emmettCommand]
const key = (peer: string): FigureKey => ({ bench: 'command', peer, callers, figure: 'command' })

export const command: Bench = {
  name: 'command',
  about: 'load, decide, append on 1,000 hot streams',
  figures: () => peers.map(({ name }) => key(name)),
  run: async (settings, report) => {
    const opened: { name: string; load: CommandLoad; folder: string; callers: number }[] = []
    try {
      for (const peer of settings.ours ? [ourCommand, ...peers] : peers) {
        const folder = makeFolder()
        const load = await peer.open(folder)
        opened.push({ name: peer.name, load, folder, callers: callers })
        const last = opened.at(-1)
        if (peer === emmettCommand && last !== undefined) last.callers = await survives(load, settings)
      }
      const [mine, raw] = opened
      if (settings.ours && mine !== undefined && raw !== undefined) {
        for (const { load } of [mine, raw]) await load.slice(1, 0)
        checkSameRows(mine.folder, raw.folder)
      }
      const turns = opened.map(({ name, load, callers: own }) => ({
        name,
        measure: () => measure(name, load, own, settings.slice),
      }))
      const figures = await interleave(turns, settings.runs, { warmUp: !settings.smoke })
      for (const { name } of peers)
        report(figure(key(name), figures.get(ourCommand.name), figures.get(name) ?? 0, '/s'))
    } finally {
      for (const { load, folder } of opened) {
        await load.close()
        removeFolder(folder)
      }
    }
  },
}

/** The most callers, up to ours, at which a peer answers every one. */
async function survives(load: CommandLoad, settings: Settings): Promise<number> {
  let best = 1
  for (const next of settings.smoke ? [] : [2, 4, 16, callers]) {
    const slice = await load.slice(next, 500)
    takeFailures()
    if (slice.failed > 0 || slice.done < next) break
    best = next
  }
  process.stderr.write(
    `  emmett-sqlite survives ${best} caller${best === 1 ? '' : 's'}: measured with so many\n`,
  )
  return best
}

async function measure(name: string, load: CommandLoad, own: number, milliseconds: number): Promise<number> {
  const slice = await load.slice(own, milliseconds)
  for (const [message, count] of takeFailures()) {
    process.stderr.write(
      `  ${name} at ${own} callers: ${count} of ${slice.done + slice.failed} failed: ${message}\n`,
    )
  }
  return perSecond(slice)
}
