import { Link } from 'wouter'
import { useCatalog } from '../data/catalog-context.tsx'
import { aggregateOf, isEventId } from '../data/ids.ts'
import { paths } from '../data/paths.ts'
import './links.css'

interface ReferenceProps {
  readonly className?: string
  readonly tabIndex?: number
}

/** A stream's name, in its aggregate's colour. */
export function StreamLink({ stream, className = '', ...rest }: ReferenceProps & { stream: string }) {
  const { hueOf } = useCatalog()
  return (
    <Link
      href={paths.stream(stream)}
      className={`reference tinted cut ${className}`}
      style={{ '--hue': hueOf(aggregateOf(stream)) }}
      title={`Stream ${stream}`}
      {...rest}
    >
      {stream}
    </Link>
  )
}

export function EventLink({
  id,
  label,
  className = '',
  ...rest
}: ReferenceProps & { id: string; label?: string }) {
  return (
    <Link href={paths.event(id)} className={`reference cut ${className}`} title={`Event ${id}`} {...rest}>
      {label ?? id}
    </Link>
  )
}

export function CommandLink({ id, label }: { id: string; label?: string }) {
  return (
    <Link href={paths.command(id)} className="reference cut" title={`Command ${id}`}>
      {label ?? id}
    </Link>
  )
}

/** What caused an event is a command; what caused a command is an event: their ids tell which it is. */
export function CauseLink({ id }: { id: string }) {
  return isEventId(id) ? <EventLink id={id} /> : <CommandLink id={id} />
}

/** The type of an event with the dot of its aggregate's colour. */
export function TypeName({ type, stream }: { type: string; stream: string | null }) {
  const { hueOf } = useCatalog()
  return (
    <span className="type-name tinted cut" style={{ '--hue': hueOf(aggregateOf(stream ?? '')) }}>
      <span className="dot" />
      <span className="cut">{type}</span>
    </span>
  )
}
