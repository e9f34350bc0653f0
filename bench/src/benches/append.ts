import { streamNames } from '../data/streams.ts'
import { figure, type FigureKey, type Report } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import { perSecond, takeFailures } from '../measure/load.ts'
import { checkSameRows } from '../measure/same-rows.ts'
import { makeFolder, removeFolder } from '../measure/scratch.ts'
import { fullAppend, plainAppend } from '../ours/append.ts'
import { actAppend } from '../peers/act-append.ts'
import type { AppendLoad, AppendPeer } from '../peers/append-peer.ts'
import { emmettAppend } from '../peers/emmett-append.ts'
import { rawFullAppend, rawPlainAppend } from '../peers/raw-append.ts'
import type { Settings } from '../settings.ts'
import type { Bench } from './bench.ts'

const stores = [emmettAppend, actAppend] as const

/** One event each on new streams: bare, or the whole path with command row and idempotency. */
export function appendBench(path: 'plain' | 'full'): Bench {
  const name = path === 'plain' ? 'append-sqlite' : 'append-sqlite-full'
  const ours = path === 'plain' ? plainAppend : fullAppend
  const peers = [path === 'plain' ? rawPlainAppend : rawFullAppend, ...stores]
  const key = (peer: string, callers: number): FigureKey => ({ bench: name, peer, callers, figure: 'append' })
  return {
    name,
    about:
      path === 'plain'
        ? 'one event of 256 bytes on a new stream per append, durable'
        : 'the same with a given id: command row and idempotency',
    figures: (settings) => [
      ...callersOf(settings).flatMap((callers) => peers.map((peer) => key(peer.name, callers))),
      ...bestAt.map((callers) => key('best-peer', callers)),
    ],
    run: async (settings, report) => {
      const all = settings.ours ? [ours, ...peers] : peers
      const results = new Map<number, ReadonlyMap<string, number>>()
      for (const callers of callersOf(settings)) {
        const figures = await measure(all, callers, settings)
        results.set(callers, figures)
        for (const peer of peers)
          report(figure(key(peer.name, callers), figures.get(ours.name), figures.get(peer.name) ?? 0, '/s'))
      }
      reportBest(results, ours.name, key, report)
    },
  }
}

const bestAt = [1, 64] as const

function callersOf({ smoke }: Settings): readonly number[] {
  return smoke ? [1, 64] : [1, 16, 64, 256]
}

/** One caller against the stores' best with one; 64 against their best with any number. */
function reportBest(
  results: ReadonlyMap<number, ReadonlyMap<string, number>>,
  ours: string,
  key: (peer: string, callers: number) => FigureKey,
  report: Report,
): void {
  const best = (figures: Iterable<ReadonlyMap<string, number>>) =>
    Math.max(...[...figures].flatMap((at) => stores.map((store) => at.get(store.name) ?? 0)))
  const alone = results.get(1) ?? new Map<string, number>()
  report(figure(key('best-peer', 1), alone.get(ours), best([alone]), '/s'))
  report(figure(key('best-peer', 64), results.get(64)?.get(ours), best(results.values()), '/s'))
}

/** Ours is first, the raw peer second. */
async function checkRows([ours, raw]: readonly { load: AppendLoad; folder: string }[]): Promise<void> {
  if (ours === undefined || raw === undefined) return
  for (const { load } of [ours, raw]) await load.slice(1, 0)
  checkSameRows(ours.folder, raw.folder)
}

async function measure(
  peers: readonly AppendPeer[],
  callers: number,
  settings: Settings,
): Promise<ReadonlyMap<string, number>> {
  const opened: { peer: AppendPeer; load: AppendLoad; folder: string }[] = []
  try {
    for (const peer of peers) {
      const folder = makeFolder()
      opened.push({ peer, load: await peer.open(folder, streamNames(settings.streams)), folder })
    }
    if (settings.ours) await checkRows(opened)
    const turns = opened.map(({ peer, load }) => ({
      name: peer.name,
      measure: turnOf(peer, load, callers, settings.slice),
    }))
    return await interleave(turns, settings.runs, { warmUp: !settings.smoke })
  } finally {
    for (const { load, folder } of opened) {
      await load.close()
      removeFolder(folder)
    }
  }
}

/** A peer that mostly fails at so many callers takes seconds to do so: once is enough. */
function turnOf(
  peer: AppendPeer,
  load: AppendLoad,
  callers: number,
  milliseconds: number,
): () => Promise<number> {
  let broken: number | undefined
  return async () => {
    if (broken !== undefined) return broken
    const slice = await load.slice(callers, milliseconds)
    if (slice.failed > slice.done) broken = perSecond(slice)
    for (const [message, count] of takeFailures()) {
      process.stderr.write(
        `  ${peer.name} at ${callers} callers: ${count} of ${slice.done + slice.failed} failed: ${message}\n`,
      )
    }
    return perSecond(slice)
  }
}
