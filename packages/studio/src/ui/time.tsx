import { useNow } from '../data/use-live.ts'
import { ago, fullTime } from '../format/time.ts'

/** How long ago something was; the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow(1_000)
  return (
    <time className="number" dateTime={at} title={fullTime(at)}>
      {ago(at, now)}
    </time>
  )
}
