import type { LoggedCommand } from '@headwater/client'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { paths } from '../../data/paths.ts'
import { actorName } from '../../format/actor.ts'
import { count, whole } from '../../format/number.ts'
import { clockTime, fullTime } from '../../format/time.ts'
import { Badge } from '../../ui/badge.tsx'
import { StreamLink } from '../../ui/links.tsx'
import { Summary } from '../../ui/summary.tsx'

export function CommandTable({ commands }: { commands: readonly LoggedCommand[] }) {
  return (
    <table className="table commands">
      <thead>
        <tr>
          <th className="right">#</th>
          <th>Decided</th>
          <th>Command</th>
          <th>Outcome</th>
          <th>Stream</th>
          <th>Actor</th>
          <th>Payload</th>
        </tr>
      </thead>
      <tbody>
        {commands.map((command) => (
          <CommandRow key={command.sequence} command={command} />
        ))}
      </tbody>
    </table>
  )
}

function CommandRow({ command }: { command: LoggedCommand }) {
  const { hueOf } = useCatalog()
  const stream = command.reads.streams?.[0]?.[0]
  return (
    <tr>
      <td className="right number faint">{whole(command.sequence)}</td>
      <td className="number soft" title={fullTime(command.decidedAt)}>
        {clockTime(command.decidedAt)}
      </td>
      <td>
        <Link
          href={paths.command(command.id, command.sequence)}
          className="command-type tinted"
          style={{ '--hue': hueOf(aggregateOf(stream ?? '')) }}
        >
          {command.type}
        </Link>
      </td>
      <td>
        <Outcome command={command} />
      </td>
      <td>{stream ? <StreamLink stream={stream} /> : <span className="faint">–</span>}</td>
      <td className="soft">{command.actor ? actorName(command.actor) : '–'}</td>
      <td className="payload">
        <Summary data={command.payload} without={stream?.slice(aggregateOf(stream).length + 1)} />
      </td>
    </tr>
  )
}

/** What was decided: how many events it made, or why it was refused. */
export function Outcome({ command }: { command: Pick<LoggedCommand, 'status' | 'reason' | 'events'> }) {
  if (command.status === 'rejected') {
    return (
      <span title={command.reason?.message}>
        <Badge tone="bad">rejected: {command.reason?.code ?? 'no reason'}</Badge>
      </span>
    )
  }
  return <Badge tone={command.events > 0 ? 'good' : 'calm'}>{count(command.events, 'event')}</Badge>
}
