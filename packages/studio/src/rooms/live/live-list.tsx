import type { Envelope } from '@headwater/client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef } from 'react'
import { count } from '../../format/number.ts'
import { Icon } from '../../ui/icon.tsx'
import { LiveRow, rowHeight } from './live-row.tsx'

interface LiveListProps {
  /** The newest first. */
  readonly events: readonly Envelope[]
  readonly chosen: Envelope | undefined
  readonly onChoose: (event: Envelope) => void
  /** The reader has left the top, where new events arrive, or come back to it. */
  readonly onAway: (away: boolean) => void
  /** How many have come that are not shown while the reader is away. */
  readonly waiting: number
}

/** Draws only the rows that are in sight, however many there are. */
export function LiveList({ events, chosen, onChoose, onAway, waiting }: LiveListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: 12,
  })
  const calm = isCalm(events)
  const at = chosen ? events.findIndex(({ id }) => id === chosen.id) : -1

  // Follow the choice as the keyboard moves it, not as new events push it down.
  const chosenId = chosen?.id
  const find = useEffectEvent(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: 'auto' })
  })
  useEffect(() => {
    if (chosenId) find()
  }, [chosenId])

  return (
    <>
      <div className="live-head" aria-hidden="true">
        <span />
        <span>Recorded</span>
        <span className="right">Position</span>
        <span>Event</span>
        <span>Stream</span>
        <span>Data</span>
      </div>
      {waiting > 0 && (
        <button type="button" className="live-waiting" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
          <Icon name="up" size={13} /> {count(waiting, 'new event')}
        </button>
      )}
      <div
        ref={scroller}
        className="live-list scroll"
        role="grid"
        aria-rowcount={events.length}
        aria-label="Events"
        tabIndex={0}
        onScroll={(event) => onAway(event.currentTarget.scrollTop > rowHeight)}
      >
        <div className="live-river" role="rowgroup" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const event = events[index]
            return (
              event && (
                <LiveRow
                  key={key}
                  event={event}
                  top={start}
                  chosen={event.id === chosen?.id}
                  calm={calm}
                  onChoose={onChoose}
                />
              )
            )
          })}
        </div>
      </div>
    </>
  )
}

/** No more than twenty in the newest second: past that, lighting up each is a flicker that costs and tells nothing. */
function isCalm(events: readonly Envelope[]): boolean {
  const [newest, twentieth] = [events[0], events[20]]
  if (!newest || !twentieth) return true
  return Date.parse(newest.recordedAt) - Date.parse(twentieth.recordedAt) > 1_000
}
