import type { Envelope } from '@headwater/client'
import { perSecond, smoothed } from '../../data/rates.ts'
import { useNow } from '../../data/use-live.ts'
import { rate } from '../../format/number.ts'
import { Sparkline } from '../../ui/sparkline.tsx'

const seconds = 60

/** How fast the log grows: the last minute as a line, the last ten seconds as a number. */
export function FlowRate({ events, width = 150 }: { events: readonly Envelope[]; width?: number }) {
  const now = useNow(1_000)
  // The second that is running now is not whole yet.
  const counts = perSecond(events, now - 1_000, seconds)
  const mean = counts.slice(-10).reduce((sum, value) => sum + value, 0) / 10
  return (
    <div className="flow-rate" title="Events a second over the last minute">
      <Sparkline values={smoothed(counts, 2)} width={width} label={`${rate(mean)} events a second`} />
      <span className="flow-rate-number number">
        {rate(mean)}
        <small>/s</small>
      </span>
    </div>
  )
}
