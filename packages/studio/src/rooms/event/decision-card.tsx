import type { TracedCommand } from '@headwater/client'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { paths } from '../../data/paths.ts'
import { actorName } from '../../format/actor.ts'
import { Icon } from '../../ui/icon.tsx'
import { cardSize, type PlacedDecision } from './cause-layout.ts'

/** A command and, within it, the events it was decided into; each leads to its own page. */
export function DecisionCard({ card, focus }: { card: PlacedDecision; focus: string }) {
  const { hueOf } = useCatalog()
  const { command, events } = card.decision
  const stream = command?.stream ?? events[0]?.stream ?? ''
  const rejected = command?.status === 'rejected'
  return (
    <div
      className={`decision-card tinted ${rejected ? 'rejected' : ''}`}
      style={{
        '--hue': hueOf(aggregateOf(stream)),
        width: cardSize.width,
        height: card.height,
        transform: `translate(${card.x}px, ${card.y}px)`,
      }}
    >
      {command && <CommandHead command={command} focused={command.id === focus} />}
      {events.map((event) => (
        <Link
          key={event.id}
          href={paths.event(event.id)}
          className="decision-event tinted"
          style={{ '--hue': hueOf(aggregateOf(event.stream)), height: cardSize.event }}
          aria-current={event.id === focus ? 'true' : undefined}
          data-id={event.id}
          title={`${event.type}, revision ${event.revision} of ${event.stream}`}
        >
          <span className="decision-drop" />
          <span className="cut">{event.type}</span>
        </Link>
      ))}
    </div>
  )
}

function CommandHead({ command, focused }: { command: TracedCommand; focused: boolean }) {
  const rejected = command.status === 'rejected'
  return (
    <Link
      href={paths.command(command.id)}
      className="decision-command"
      style={{ height: cardSize.head }}
      aria-current={focused ? 'true' : undefined}
      data-id={command.id}
      title={`Command ${command.id}`}
    >
      <span className="decision-type">
        <Icon name={rejected ? 'close' : 'command'} size={13} />
        <span className="cut">{command.type}</span>
      </span>
      <span className="decision-note cut">
        {rejected ? (
          <span className="decision-reason">rejected: {command.reason?.code}</span>
        ) : command.actor ? (
          `by ${actorName(command.actor)}`
        ) : (
          command.stream
        )}
      </span>
    </Link>
  )
}
