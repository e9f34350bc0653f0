import { figure, type FigureKey } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import { rateOf } from '../measure/turn.ts'
import { ourCommand } from '../ours/postgres/command.ts'
import type { CommandPeer } from '../peers/postgres/command-peer.ts'
import { emmettCommand } from '../peers/postgres/emmett-command.ts'
import { connectionsFor, createDatabase, dropDatabase, missingPostgres } from '../postgres/cluster.ts'
import type { Bench } from './bench.ts'

const callers = [10, 64] as const
const key = (own: number): FigureKey => ({
  bench: 'command-postgres',
  peer: emmettCommand.name,
  callers: own,
  figure: 'command',
})

export const commandPostgres: Bench = {
  name: 'command-postgres',
  about: 'load, decide, append on 1,000 hot streams, in PostgreSQL',
  missing: missingPostgres,
  figures: () => callers.map(key),
  run: async (settings, report) => {
    const databases = new Map<CommandPeer, string>()
    try {
      for (const peer of settings.ours ? [ourCommand, emmettCommand] : [emmettCommand]) {
        const url = await createDatabase()
        databases.set(peer, url)
        await peer.fill(url)
      }
      for (const own of callers) {
        const turns = [...databases].map(([peer, url]) => ({
          name: peer.name,
          measure: async () => {
            const load = await peer.connect(url, await connectionsFor(own))
            try {
              // Long enough that most streams were met once: what is measured is what goes on for hours, not the first look.
              await load.slice(own, settings.smoke ? settings.slice / 5 : 2 * settings.slice)
              return rateOf(peer.name, own, await load.slice(own, settings.slice))
            } finally {
              await load.close()
            }
          },
        }))
        const rates = await interleave(turns, settings.runs, { warmUp: !settings.smoke })
        report(figure(key(own), rates.get(ourCommand.name), rates.get(emmettCommand.name) ?? 0, '/s'))
      }
    } finally {
      for (const url of databases.values()) await dropDatabase(url)
    }
  },
}
