import type { Envelope } from '@headwater/client'
import { useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { paths } from '../../data/paths.ts'
import { liveLog, useLive } from '../../data/use-live.ts'
import { count, whole } from '../../format/number.ts'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { EventPanel } from '../event/event-panel.tsx'
import { FilterBar } from './filter-bar.tsx'
import { FlowRate } from './flow-rate.tsx'
import { isOpen, passes } from './live-filter.ts'
import { LiveList } from './live-list.tsx'
import { useHeld } from './use-held.ts'
import { useLiveFilter } from './use-live-filter.ts'
import './live.css'

/** Events as they are recorded, the newest on top. */
export function LiveRoom() {
  const live = useLive()
  const [, navigate] = useLocation()
  const [filter, changeFilter] = useLiveFilter()
  const [paused, setPaused] = useState(false)
  const [away, setAway] = useState(false)
  const [chosen, setChosen] = useState<Envelope>()
  const search = useRef<HTMLInputElement>(null)
  const { events, waiting, overflowed } = useHeld(live, paused || away, filter)
  const shown = useMemo(() => events.filter((event) => passes(event, filter)).reverse(), [events, filter])

  const at = chosen ? shown.findIndex(({ id }) => id === chosen.id) : -1
  const step = (by: number) => setChosen(shown[Math.max(0, Math.min(shown.length - 1, at + by))])
  useKeys({
    ' ': () => setPaused(!paused),
    '/': () => search.current?.focus(),
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    Escape: () => setChosen(undefined),
    Enter: () => chosen && navigate(paths.event(chosen.id)),
  })

  return (
    <Page
      name="Live"
      about="Every fact as it is recorded, the newest first"
      actions={
        <>
          <FlowRate events={live.events} />
          <Button
            className="pause"
            icon={paused ? 'play' : 'pause'}
            look={paused ? 'main' : 'plain'}
            onClick={() => setPaused(!paused)}
            title={`${paused ? 'Resume' : 'Pause'} (space)`}
          >
            {paused ? `Resume · ${whole(waiting)} held` : 'Pause'}
          </Button>
        </>
      }
    >
      <FilterBar filter={filter} change={changeFilter} events={live.events} searchRef={search} />
      <div className={`live-body ${chosen ? 'with-panel' : ''}`}>
        <div className="live-main">
          {shown.length > 0 ? (
            <LiveList
              events={shown}
              chosen={chosen}
              onChoose={setChosen}
              onAway={setAway}
              waiting={away && !paused ? waiting : 0}
            />
          ) : live.problem && live.events.length === 0 ? (
            <Failure error={live.problem} />
          ) : live.state === 'connecting' ? (
            <Loading rows={14} />
          ) : isOpen(filter) ? (
            <Empty title="Nothing has been recorded yet">
              Events appear here the moment a command is accepted.
            </Empty>
          ) : (
            <Empty title="No event passes the filter">
              {count(live.events.length, 'event')} kept here did not; new ones that do will appear by
              themselves.
            </Empty>
          )}
        </div>
        {chosen && <EventPanel event={chosen} onClose={() => setChosen(undefined)} />}
      </div>
      <footer className="live-foot faint number">
        <span className="live-count">
          {whole(shown.length)} of {count(events.length, 'event')} shown
        </span>
        <span>
          The newest {whole(liveLog.capacity)} are kept here; the log has {whole(live.head)}
          {overflowed && '. More came while paused than is kept: there will be a gap'}
        </span>
        <span className="live-keys">
          <kbd>j</kbd> <kbd>k</kbd> choose <kbd>↵</kbd> open <kbd>space</kbd> pause <kbd>/</kbd> search
        </span>
      </footer>
    </Page>
  )
}
