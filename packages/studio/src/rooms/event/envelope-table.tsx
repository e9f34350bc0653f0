import type { Envelope } from '@headwater/client'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { whole } from '../../format/number.ts'
import { fullTime } from '../../format/time.ts'
import { Copy } from '../../ui/copy.tsx'
import { CauseLink, CommandLink, EventLink, StreamLink } from '../../ui/links.tsx'
import { Ago } from '../../ui/time.tsx'
import './envelope-table.css'

/** All that an event carries beside its data; every id leads on. */
export function EnvelopeTable({ event }: { event: Envelope }) {
  return (
    <dl className="envelope">
      <Line name="Id">
        <EventLink id={event.id} /> <Copy text={event.id} what="the event's id" />
      </Line>
      <Line name="Stream">
        <StreamLink stream={event.stream} />
      </Line>
      <Line name="Revision">
        <Link href={paths.stream(event.stream, event.revision)} className="reference number">
          {whole(event.revision)}
        </Link>
      </Line>
      <Line name="Position">
        <span className="number">{whole(event.position)}</span>
      </Line>
      <Line name="Recorded">
        <span className="number">{fullTime(event.recordedAt)}</span>{' '}
        <span className="faint">
          <Ago at={event.recordedAt} />
        </span>
      </Line>
      {event.occurredAt && differ(event.occurredAt, event.recordedAt) && (
        <Line name="Occurred">
          <span className="number">{fullTime(event.occurredAt)}</span>
        </Line>
      )}
      <Line name="Actor">{event.actor ?? <span className="faint">none</span>}</Line>
      <Line name="Caused by">
        {event.causationId ? (
          <CauseLink id={event.causationId} />
        ) : (
          <span className="faint">nothing known</span>
        )}
      </Line>
      <Line name="Correlation">
        {event.correlationId ? <CommandLink id={event.correlationId} /> : <span className="faint">none</span>}
      </Line>
      <Line name="Schema">
        version {event.version}
        {event.recordedVersion !== undefined && `, recorded with ${event.recordedVersion}`}
      </Line>
    </dl>
  )
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Whether two times are apart by more than a decision takes. */
function differ(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) >= 1_000
}
