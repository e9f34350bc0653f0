import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { historyQuery, historyWindow } from '../../data/queries.ts'
import { useLiveRefresh } from '../../data/use-live.ts'
import { count } from '../../format/number.ts'
import { Copy } from '../../ui/copy.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { StateAfter } from './state-after.tsx'
import { stepsOf } from './steps.ts'
import { Timeline } from './timeline.tsx'

/** One stream's history: its events as a timeline, and the state after the one that is chosen. */
export function StreamHistoryPane({ stream }: { stream: string }) {
  const { hueOf } = useCatalog()
  const [search, setSearch] = useSearchParams()
  const wanted = Number(search.get('revision') ?? 0)
  // A revision far back is shown with those around it, else the newest ones are.
  const [after, setAfter] = useState(wanted > 0 ? windowAround(wanted) : undefined)
  const { data, error, isError, refetch } = useQuery({
    ...historyQuery(stream, after),
    placeholderData: keepPreviousData,
  })
  useLiveRefresh(
    (event) => event.stream === stream,
    () => void refetch(),
    400,
  )

  const steps = data ? stepsOf(data) : []
  const newest = steps[0]
  const chosen = steps.find((step) => step.event.revision === wanted) ?? newest
  const choose = (revision: number) =>
    setSearch(revision === data?.revision ? {} : { revision: String(revision) }, { replace: true })
  const move = (by: number) => {
    const next = steps[steps.findIndex((step) => step === chosen) + by]
    if (next) choose(next.event.revision)
  }
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1) })

  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Page
      name={stream}
      title={
        <span className="stream-title tinted" style={{ '--hue': hueOf(aggregateOf(stream)) }}>
          <span className="mono cut">{stream}</span> <Copy text={stream} what="the stream's name" />
        </span>
      }
      about={data ? `${count(data.revision, 'event')}, the newest first` : '\u00a0'}
      actions={
        <span className="faint">
          <kbd>j</kbd> <kbd>k</kbd> step through
        </span>
      }
    >
      {chosen && data ? (
        <div className="stream-body">
          <Timeline
            steps={steps}
            chosen={chosen}
            onChoose={choose}
            older={(steps.at(-1)?.event.revision ?? 1) - 1}
            newer={data.revision - (newest?.event.revision ?? 0)}
            onOlder={() => setAfter(Math.max(0, (steps.at(-1)?.event.revision ?? 1) - 1 - historyWindow))}
            onNewer={() => setAfter(undefined)}
          />
          <StateAfter step={chosen} />
        </div>
      ) : (
        <Loading rows={12} />
      )}
    </Page>
  )
}

/** The start of the window that a revision is in; nothing for the first, which the newest may be in too. */
function windowAround(revision: number): number | undefined {
  const after = Math.floor((revision - 1) / historyWindow) * historyWindow
  return after === 0 ? undefined : after
}
