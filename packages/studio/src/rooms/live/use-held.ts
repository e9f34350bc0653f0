import { useState } from 'react'
import type { LiveSnapshot } from '../../data/live-log.ts'
import { firstAfter } from '../../data/use-live.ts'
import { type LiveFilter, passes } from './live-filter.ts'

/**
 * What the list shows: what is live, or while `hold` is true what was there when it became so, and how many
 * events that pass the filter have come since.
 */
export function useHeld(live: LiveSnapshot, hold: boolean, filter: LiveFilter) {
  const [held, setHeld] = useState<LiveSnapshot>()
  if (hold && !held) setHeld(live)
  if (!hold && held) setHeld(undefined)
  const shown = hold && held ? held : live
  const later = shown === live ? [] : live.events.slice(firstAfter(live.events, shown.head))
  return {
    events: shown.events,
    waiting: later.filter((event) => passes(event, filter)).length,
    /** More came than is kept: resuming will show a gap. */
    overflowed: later.length >= live.events.length && later.length > 0,
  }
}
