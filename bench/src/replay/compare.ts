import { figure, type FigureKey, type Report } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import type { Settings } from '../settings.ts'
import type { Kind } from './job.ts'
import { ours, replayPeer } from './peers.ts'
import { inOwnProcess } from './process.ts'

const megabyte = 1_000_000

/** What is replayed, and beside whom. */
export interface Comparison {
  readonly bench: string
  /** With those that each is compared with; the raw scan is among them. */
  readonly kinds: Readonly<Partial<Record<Kind, readonly string[]>>>
}

export function replayFigures({ bench, kinds }: Comparison): readonly FigureKey[] {
  const keys = Object.entries(kinds).flatMap(([kind, peers]) => peers.map((peer) => keyOf(bench, peer, kind)))
  return [...keys, memoryKey(bench)]
}

/** Records the events of all who take part. */
export async function fillReplays(comparison: Comparison, place: string, settings: Settings): Promise<void> {
  for (const [name, events] of await eventsOf(comparison, place, settings))
    await (await replayPeer(name, place)).fill(place, events)
}

/** Each replay in a process of its own; ours and the raw scan read the very same log. */
export async function compareReplays(
  comparison: Comparison,
  place: string,
  settings: Settings,
  report: Report,
): Promise<void> {
  const { bench, kinds } = comparison
  const events = await eventsOf(comparison, place, settings)
  const growth = new Map<string, number>()
  for (const [kind, peers] of Object.entries(kinds) as [Kind, readonly string[]][]) {
    const turns = [...(settings.ours ? [ours] : []), ...peers].map((name) => {
      let round = 0
      return {
        name,
        measure: async () => {
          const count = events.get(name) ?? 0
          const result = await inOwnProcess({ peer: name, kind, place, events: count, round: round++ })
          growth.set(name, Math.max(growth.get(name) ?? 0, result.growth / megabyte))
          return (count / result.milliseconds) * 1000
        },
      }
    })
    const rates = await interleave(turns, settings.smoke ? 1 : Math.min(settings.runs, 3), { warmUp: false })
    for (const peer of peers)
      report(figure(keyOf(bench, peer, kind), rates.get(ours), rates.get(peer) ?? 0, '/s'))
  }
  report(figure(memoryKey(bench), growth.get(ours), growth.get('raw-scan') ?? 0, 'MB'))
}

/** How many events each of those has who take part. */
async function eventsOf(
  { kinds }: Comparison,
  place: string,
  settings: Settings,
): Promise<ReadonlyMap<string, number>> {
  const names = new Set([...(settings.ours ? [ours] : []), ...Object.values(kinds).flat()])
  const events = new Map<string, number>()
  for (const name of names) events.set(name, (await replayPeer(name, place)).share(settings.events))
  return events
}

function keyOf(bench: string, peer: string, name: string): FigureKey {
  return { bench, peer, callers: 1, figure: name }
}

const memoryKey = (bench: string) => keyOf(bench, 'raw-scan', 'memory-growth')
