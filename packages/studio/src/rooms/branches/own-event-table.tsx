import type { Envelope } from '@headwater/client'
import { onBranch } from '../../data/branch.ts'
import { paths } from '../../data/paths.ts'
import { actorName } from '../../format/actor.ts'
import { whole } from '../../format/number.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { TypeName } from '../../ui/links.tsx'
import { Summary } from '../../ui/summary.tsx'
import { Ago } from '../../ui/time.tsx'
import { type AmendmentEdit, amendmentOf, editWords } from './amendment.ts'
import '../../ui/table.css'

const tones: Readonly<Record<AmendmentEdit, Tone>> = {
  omit: 'bad',
  replace: 'warn',
  insert: 'good',
  restore: 'accent',
}

interface OwnEventTableProps {
  readonly branch: string
  readonly events: readonly Envelope[]
}

/** What a branch has recorded: events, and what was said about others. Links look at the branch. */
export function OwnEventTable({ branch, events }: OwnEventTableProps) {
  return (
    <table className="table own-events">
      <thead>
        <tr>
          <th className="right">Position</th>
          <th>Event</th>
          <th>Stream</th>
          <th>Says</th>
          <th>By</th>
          <th>Recorded</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <td className="right number">{whole(event.position)}</td>
            <td>
              <OwnEvent branch={branch} event={event} />
            </td>
            <td>
              <a
                href={onBranch(branch, paths.stream(event.stream, event.revision))}
                className="reference"
                title={`Stream ${event.stream} on ${branch}`}
              >
                {event.stream}
              </a>
            </td>
            <td>
              <Says event={event} />
            </td>
            <td>{event.actor === null ? <span className="faint">–</span> : actorName(event.actor)}</td>
            <td>
              <Ago at={event.recordedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function OwnEvent({ branch, event }: { branch: string; event: Envelope }) {
  const amendment = amendmentOf(event)
  const type = amendment?.target.type ?? amendment?.event?.type ?? event.type
  const id = amendment?.target.id ?? event.id
  return (
    <a href={onBranch(branch, paths.event(id))} className="own-event" title={`Event ${id} on ${branch}`}>
      {amendment && <Badge tone={tones[amendment.edit]}>{editWords[amendment.edit]}</Badge>}
      <TypeName
        type={amendment?.edit === 'insert' ? (amendment.event?.type ?? type) : type}
        stream={event.stream}
      />
    </a>
  )
}

function Says({ event }: { event: Envelope }) {
  const amendment = amendmentOf(event)
  if (amendment === undefined) return <Summary data={event.data} without={event.aggregateId} />
  return (
    <>
      <span className="own-why">“{amendment.why}”</span>{' '}
      <Summary data={amendment.event?.data} without={event.aggregateId} />
    </>
  )
}
