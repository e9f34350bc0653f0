import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import { processorsQuery } from '../../data/queries.ts'
import { type Reaction, reactionsQuery } from '../../data/reactions.ts'
import { useLive, useNow } from '../../data/use-live.ts'
import { count, whole } from '../../format/number.ts'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { FlowRate } from '../live/flow-rate.tsx'
import { AppFlow } from './app-flow.tsx'
import { ProcessorTable } from '../processing/processor-table.tsx'
import { ConditionTiles } from './condition-tiles.tsx'
import './overview.css'

const none: readonly Reaction[] = []

/** How the whole is doing, and what it is made of. */
export function OverviewRoom() {
  const { catalog } = useCatalog()
  const live = useLive()
  const now = useNow(1_000)
  const { data: processors, error } = useQuery(processorsQuery)
  const reactions = useQuery(reactionsQuery).data ?? none
  const recent = useMemo(
    () => live.events.filter(({ recordedAt }) => now - Date.parse(recordedAt) < 60_000),
    [live.events, now],
  )
  return (
    <Page
      name={catalog?.app ?? 'Overview'}
      about="The application as its code describes it, and how it is doing"
    >
      <div className="overview scroll">
        <div className="tiles">
          <Link href={paths.live} className="tile">
            <span className="tile-name">Events</span>
            <span className="tile-number number">{whole(live.head)}</span>
            <span className="tile-note">the position of the newest</span>
          </Link>
          <Link href={paths.live} className="tile wide">
            <span className="tile-name">Recorded in the last minute</span>
            <FlowRate events={live.events} width={230} />
            <span className="tile-note number">
              {/* Of a log that is faster than this, only the newest were fetched. */}
              {recent.length === live.events.length && live.head > recent.length && 'at least '}
              {count(recent.length, 'event')}
            </span>
          </Link>
          <ConditionTiles />
        </div>
        <Section
          title="From command to view"
          extra={<span className="faint flow-legend">Point at a part to see what it leads to</span>}
        >
          {!catalog ? (
            <Loading rows={10} />
          ) : catalog.contexts.length === 0 ? (
            <Empty title="The app has no contexts" />
          ) : (
            <AppFlow catalog={catalog} recent={recent} reactions={reactions} />
          )}
        </Section>
        <Section title="Processors">
          {processors ? (
            <ProcessorTable processors={processors} />
          ) : error ? (
            <Failure error={error} />
          ) : (
            <Loading rows={5} />
          )}
        </Section>
      </div>
    </Page>
  )
}
