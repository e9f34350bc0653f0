import type { Catalog, StreamSummary } from '@headwater/client'
import { isEventId } from '../data/ids.ts'
import { paths } from '../data/paths.ts'
import type { IconName } from '../ui/icon.tsx'

export interface Destination {
  readonly name: string
  readonly kind: string
  readonly path: string
  readonly icon: IconName
  /** It may not be there. */
  readonly isGuess?: boolean
}

const rooms: readonly Destination[] = [
  { name: 'Overview', kind: 'room', path: paths.overview, icon: 'overview' },
  { name: 'Live events', kind: 'room', path: paths.live, icon: 'live' },
  { name: 'Streams', kind: 'room', path: paths.streams, icon: 'stream' },
  { name: 'Command log', kind: 'room', path: paths.commands, icon: 'command' },
  { name: 'Views', kind: 'room', path: paths.views, icon: 'view' },
  { name: 'Processing', kind: 'room', path: paths.processing, icon: 'processing' },
  { name: 'Branches', kind: 'room', path: paths.branches, icon: 'branch' },
  { name: 'Debugger', kind: 'room', path: paths.debugger, icon: 'debugger' },
  { name: 'Externals', kind: 'room', path: paths.externals, icon: 'external' },
  { name: 'Queries', kind: 'room', path: paths.queries, icon: 'query' },
]

/** All that the palette can lead to, the nearest first. */
export function destinationsFor(
  catalog: Catalog | undefined,
  text: string,
  streams: readonly StreamSummary[],
): Destination[] {
  const views = catalog?.contexts.flatMap((context) => context.views) ?? []
  return [
    ...rooms,
    ...streams.map(({ stream }) => ({
      name: stream,
      kind: 'stream',
      path: paths.stream(stream),
      icon: 'stream' as const,
    })),
    ...views.map(({ name }) => ({ name, kind: 'view', path: paths.view(name), icon: 'view' as const })),
    ...(catalog?.contexts ?? []).flatMap(({ subscriptions }) =>
      subscriptions
        .filter(({ when }) => when === 'async')
        .map(({ name }) => ({
          name,
          kind: 'subscription',
          path: paths.processor(name),
          icon: 'processing' as const,
        })),
    ),
    ...(catalog?.commands ?? []).map(({ name }) => ({
      name: `Send ${name}`,
      kind: 'command',
      path: paths.send(name),
      icon: 'send' as const,
    })),
    ...(catalog?.queries ?? []).map(({ name }) => ({
      name: `Ask ${name}`,
      kind: 'query',
      path: paths.query(name),
      icon: 'query' as const,
    })),
    ...(catalog?.events ?? []).map(({ name }) => ({
      name,
      kind: 'live, of this type',
      path: paths.liveOf(name),
      icon: 'live' as const,
    })),
    ...pasted(text),
  ]
}

/** Whatever was pasted may be an id: of an event by its form, else of a command or a correlation. */
function pasted(text: string): Destination[] {
  if (text.length < 4 || /\s/.test(text)) return []
  if (isEventId(text)) return [{ name: text, kind: 'event', path: paths.event(text), icon: 'live' }]
  return [
    {
      name: text,
      kind: 'command or correlation id',
      path: paths.command(text),
      icon: 'command',
      isGuess: true,
    },
  ]
}

/** Those whose name has all of the words, at the start of the name first, what may not be there last. */
export function matching(destinations: readonly Destination[], text: string): Destination[] {
  const words = text.toLowerCase().split(/\s+/)
  const rank = ({ name, isGuess }: Destination) =>
    isGuess ? 2 : name.toLowerCase().startsWith(text.toLowerCase()) ? 0 : 1
  return destinations
    .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 40)
}
