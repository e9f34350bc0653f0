import type { Envelope } from '@headwater/client'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { Button } from '../../ui/button.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { TypeName } from '../../ui/links.tsx'
import { EnvelopeTable } from './envelope-table.tsx'
import './event-panel.css'

/** An event beside the list that it was chosen from. */
export function EventPanel({ event, onClose }: { event: Envelope; onClose: () => void }) {
  return (
    <aside className="event-panel scroll" aria-label={`Event ${event.id}`}>
      <header className="event-panel-header">
        <h2 className="cut">
          <TypeName type={event.type} stream={event.stream} />
        </h2>
        <Button look="quiet" icon="close" onClick={onClose} aria-label="Close (esc)" title="Close (esc)" />
      </header>
      <div className="event-panel-links">
        <Link href={paths.event(event.id)} className="button">
          Causes and effects
        </Link>
        <Link href={paths.stream(event.stream, event.revision)} className="button">
          State after it
        </Link>
      </div>
      <h3>Data</h3>
      <JsonTree value={event.data} />
      <h3>Envelope</h3>
      <EnvelopeTable event={event} />
    </aside>
  )
}
