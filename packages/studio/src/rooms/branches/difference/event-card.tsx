import type { EventDifference } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { onBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { recordedQuery } from '../../../data/queries.ts'
import { actorName } from '../../../format/actor.ts'
import { whole } from '../../../format/number.ts'
import type { Tone } from '../../../ui/badge.tsx'
import { TypeName } from '../../../ui/links.tsx'
import { changesOf } from '../../streams/changes.ts'
import { Card, type Sides } from './card.tsx'
import { fieldsOf, SideBySide } from './side-by-side.tsx'

const words = {
  recorded: 'added',
  inserted: 'inserted',
  omitted: 'ignored',
  replaced: 'corrected',
  restored: 'restored',
} as const
const tones: Readonly<Record<EventDifference['kind'], Tone>> = {
  recorded: 'good',
  inserted: 'good',
  omitted: 'bad',
  replaced: 'warn',
  restored: 'accent',
}

interface EventCardProps {
  readonly event: EventDifference
  readonly sides: Sides
}

/** An event that only one side has, or of which only one side says something. */
export function EventCard({ event: difference, sides }: EventCardProps) {
  const { side, kind, id, stream, position, event, why, actor } = difference
  const where = sides[side]
  const isOfRecorded = kind === 'omitted' || kind === 'replaced'
  const recorded = useQuery({ ...recordedQuery(where, id ?? ''), enabled: isOfRecorded && id !== null }).data
  const type = event?.type ?? recorded?.type
  return (
    <Card
      word={side === 'branch' ? words[kind] : `${words[kind]} on ${where}`}
      tone={side === 'branch' ? tones[kind] : 'calm'}
      label={`${type ?? id ?? ''} ${words[kind]}`}
      title={
        <a href={onBranch(where, id === null ? paths.stream(stream) : paths.event(id))} title={`On ${where}`}>
          <TypeName type={type ?? id ?? stream} stream={stream} />
        </a>
      }
      extra={
        <>
          {stream} · position {whole(position)}
          {actor !== null && ` · ${actorName(actor)}`}
        </>
      }
    >
      {why !== undefined && <p className="difference-why">“{why}”</p>}
      <SideBySide sides={sides} changes={changesIn(difference, recorded?.data)} />
    </Card>
  )
}

/** What the event says on either side; what is one side's alone is nothing on the other. */
function changesIn({ side, kind, event }: EventDifference, recorded: unknown) {
  const own = side === 'branch' ? 'after' : 'before'
  const other = side === 'branch' ? 'before' : 'after'
  if (kind === 'omitted') return fieldsOf(recorded, other)
  if (kind !== 'replaced' || recorded === undefined) return fieldsOf(event?.data, own)
  const [before, after] = side === 'branch' ? [recorded, event?.data] : [event?.data, recorded]
  return changesOf(before, after)
}
