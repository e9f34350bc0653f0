import type { Envelope } from '@headwater/client'
import { onBranch } from '../../data/branch.ts'
import { paths } from '../../data/paths.ts'
import { actorName } from '../../format/actor.ts'
import { whole } from '../../format/number.ts'
import { Ago } from '../../ui/time.tsx'
import { FactName, FactSays } from './fact.tsx'
import '../../ui/table.css'

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
              <FactName branch={branch} event={event} />
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
              <FactSays event={event} />
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
