import type { Lag } from '@headwater/client'
import { count } from '../format/number.ts'
import { duration } from '../format/time.ts'

/** How far behind something is, in events and in seconds; up to date is said in words. */
export function LagWord({ lag }: { lag: Lag }) {
  if (lag.events === 0) return <span className="lag soft">up to date</span>
  return (
    <span className={`lag number ${lag.seconds > 10 ? 'late' : ''}`}>
      {count(lag.events, 'event')}, {duration(lag.seconds)}
    </span>
  )
}
