import { streamNames } from '../data/streams.ts'
import { figure, type FigureKey } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import { rateOf } from '../measure/turn.ts'
import { ourAppend } from '../ours/postgres/append.ts'
import { actAppend } from '../peers/postgres/act-append.ts'
import type { AppendPeer } from '../peers/postgres/append-peer.ts'
import { castoreAppend } from '../peers/postgres/castore-append.ts'
import { emmettAppend } from '../peers/postgres/emmett-append.ts'
import { messageDbAppend } from '../peers/postgres/message-db-append.ts'
import { rawAppend } from '../peers/postgres/raw-append.ts'
import { connectionsFor, createDatabase, dropDatabase, missingPostgres } from '../postgres/cluster.ts'
import { besideTransaction, tenths } from '../postgres/long-append.ts'
import { checkSameRows } from '../postgres/same-rows.ts'
import type { Settings } from '../settings.ts'
import type { Bench } from './bench.ts'

const stores: readonly AppendPeer[] = [emmettAppend, castoreAppend, messageDbAppend, actAppend]
const peers = [rawAppend, ...stores]
const key = (peer: string, callers: number, name = 'append'): FigureKey => ({
  bench: 'append-postgres',
  peer,
  callers,
  figure: name,
})
const best = key('best-peer', 1)
const flat = key('first-tenth', 64, 'last-tenth')
const beside = key('undisturbed', 64, 'beside-transaction')

/** One event each on new streams, the whole path; then as the log grows, and beside somebody's open transaction. */
export const appendPostgres: Bench = {
  name: 'append-postgres',
  about: 'one event of 256 bytes on a new stream per append, with command row and idempotency, in PostgreSQL',
  missing: missingPostgres,
  figures: (settings) => [
    ...callersOf(settings).flatMap((callers) => peers.map((peer) => key(peer.name, callers))),
    best,
    ...(settings.ours ? [flat, beside] : []),
  ],
  run: async (settings, report) => {
    const all = settings.ours ? [ourAppend, ...peers] : peers
    for (const callers of callersOf(settings)) {
      const figures = await measure(all, callers, settings)
      const mine = figures.get(ourAppend.name)
      for (const { name } of peers) report(figure(key(name, callers), mine, figures.get(name) ?? 0, '/s'))
      if (callers === 1)
        report(figure(best, mine, Math.max(...stores.map(({ name }) => figures.get(name) ?? 0)), '/s'))
    }
    if (!settings.ours) return
    const { first, last } = await tenths(ourAppend, settings.events, streamNames(settings.streams))
    report(figure(flat, last, first, '/s'))
    const held = settings.smoke ? 2_000 : 60_000
    const { during, before } = await besideTransaction(ourAppend, held, streamNames(settings.streams))
    report(figure(beside, during, before, '/s'))
  },
}

function callersOf({ smoke }: Settings): readonly number[] {
  return smoke ? [1, 64] : [1, 16, 64, 256]
}

/** Each peer's connections are opened before its slice and closed after it: nobody else's are in the server's way. */
async function measure(
  all: readonly AppendPeer[],
  callers: number,
  settings: Settings,
): Promise<ReadonlyMap<string, number>> {
  const nextStream = streamNames(settings.streams)
  const databases = new Map<AppendPeer, string>()
  const slice = async (peer: AppendPeer, own: number, milliseconds: number) => {
    const url = databases.get(peer) ?? ''
    const load = await peer.connect(url, await connectionsFor(own))
    try {
      // What a connection does for the first time, such as planning, is nobody's rate.
      if (milliseconds > 0) await load.slice(own, milliseconds / 5, nextStream)
      return rateOf(peer.name, own, await load.slice(own, milliseconds, nextStream))
    } finally {
      await load.close()
    }
  }
  try {
    for (const peer of all) {
      const url = await createDatabase()
      databases.set(peer, url)
      await peer.create(url)
    }
    if (settings.ours) {
      for (const peer of [ourAppend, rawAppend]) await slice(peer, 1, 0)
      await checkSameRows(databases.get(ourAppend) ?? '', databases.get(rawAppend) ?? '')
    }
    const turns = all.map((peer) => ({
      name: peer.name,
      measure: () => slice(peer, callers, settings.slice),
    }))
    return await interleave(turns, settings.runs, { warmUp: !settings.smoke })
  } finally {
    for (const url of databases.values()) await dropDatabase(url)
  }
}
