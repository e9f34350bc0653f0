import type { Envelope } from '@headwater/client'
import { memo, useState } from 'react'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { Summary } from '../../ui/summary.tsx'
import { whole } from '../../format/number.ts'
import { clockTime } from '../../format/time.ts'
import { StreamLink } from '../../ui/links.tsx'

export const rowHeight = 34

interface LiveRowProps {
  readonly event: Envelope
  readonly top: number
  readonly chosen: boolean
  /** Whether events come slowly enough for each to be greeted. */
  readonly calm: boolean
  readonly onChoose: (event: Envelope) => void
}

export const LiveRow = memo(function LiveRow({ event, top, chosen, calm, onChoose }: LiveRowProps) {
  const { hueOf } = useCatalog()
  // Said once, when the row comes into being: scrolling back to it later is no news.
  const [fresh] = useState(() => calm && Date.now() - Date.parse(event.recordedAt) < 1_500)
  return (
    <div
      className={`live-row tinted ${fresh ? 'fresh' : ''}`}
      style={{ transform: `translateY(${top}px)`, '--hue': hueOf(aggregateOf(event.stream)) }}
      role="row"
      tabIndex={-1}
      aria-selected={chosen}
      onClick={() => onChoose(event)}
      onKeyDown={(press) => press.key === 'Enter' && onChoose(event)}
    >
      <span className="live-pebble" role="presentation" />
      <span className="number soft" role="gridcell">
        <time dateTime={event.recordedAt}>{clockTime(event.recordedAt)}</time>
      </span>
      <span className="number faint right" role="gridcell">
        {whole(event.position)}
      </span>
      <span className="live-type cut" role="gridcell">
        {event.type}
      </span>
      <span className="cut" role="gridcell">
        <StreamLink stream={event.stream} tabIndex={-1} />
      </span>
      <span className="cut" role="gridcell">
        <Summary data={event.data} without={event.aggregateId} />
      </span>
    </div>
  )
})
