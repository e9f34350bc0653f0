import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { processorsQuery, viewsQuery } from '../../data/queries.ts'
import { count, whole } from '../../format/number.ts'
import { isDown } from '../processing/status.tsx'

/** What somebody may have to look after, each a way to where that is done. */
export function ConditionTiles() {
  const processors = useQuery(processorsQuery).data
  const views = useQuery(viewsQuery).data
  const behind = Math.max(0, ...(processors ?? []).map(({ lag }) => lag.events))
  const parked = (processors ?? []).reduce((sum, processor) => sum + processor.parked, 0)
  const down = (processors ?? []).filter(isDown).length
  const paused = (processors ?? []).filter(({ status }) => status === 'paused').length
  const rebuilding = (views ?? []).filter(({ rebuild }) => rebuild !== null).length
  const changed = (views ?? []).filter(({ code }) => code === 'changed' || code === 'superseded').length
  return (
    <>
      <Link href={paths.processing} className={`tile ${behind > 1_000 ? 'warn' : ''}`}>
        <span className="tile-name">Furthest behind</span>
        <span className="tile-number number">{processors ? whole(behind) : '–'}</span>
        <span className="tile-note">
          {behind === 0 ? 'all are up to date' : behind === 1 ? 'event' : 'events'}
        </span>
      </Link>
      <Link
        href={paths.processing}
        className={`tile ${parked > 0 || down > 0 ? 'bad' : paused > 0 ? 'warn' : ''}`}
      >
        <span className="tile-name">Parked</span>
        <span className="tile-number number">{processors ? whole(parked) : '–'}</span>
        <span className="tile-note">
          {down > 0
            ? `${count(down, 'processor')} down`
            : paused > 0
              ? `${count(paused, 'processor')} paused`
              : 'no processor has failed'}
        </span>
      </Link>
      <Link href={paths.views} className={`tile ${changed > 0 ? 'warn' : ''}`}>
        <span className="tile-name">Views to rebuild</span>
        <span className="tile-number number">{views ? whole(changed) : '–'}</span>
        <span className="tile-note">
          {rebuilding > 0 ? `${whole(rebuilding)} being rebuilt` : 'none is being rebuilt'}
        </span>
      </Link>
    </>
  )
}
