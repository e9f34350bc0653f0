import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useCatalog } from '../../data/catalog-context.tsx'
import { documentsQuery, viewsQuery } from '../../data/queries.ts'
import { useLiveRefresh } from '../../data/use-live.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { LagWord } from '../../ui/lag.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { columnsOf } from './columns.ts'
import { ConditionBar } from './condition-bar.tsx'
import { DocumentTable } from './document-table.tsx'
import { useListState } from './list-state.ts'
import './view-room.css'

const pageSize = 50

/** One view's documents as a table. */
export function ViewRoom({ name }: { name: string }) {
  const { catalog } = useCatalog()
  const list = useListState(pageSize)
  const [following, setFollowing] = useState(true)
  const summary = useQuery(viewsQuery).data?.find((view) => view.name === name)
  const query = useQuery({ ...documentsQuery(name, list.options), placeholderData: keepPreviousData })
  const { data } = query
  const made = catalog?.contexts.flatMap((context) => context.views).find((view) => view.name === name)
  useLiveRefresh(
    ({ type }) => following && (made?.events.includes(type) ?? true),
    () => void query.refetch(),
  )
  const columns = useMemo(() => columnsOf(data?.items ?? []), [data])
  const fields = [...new Set([...(made?.indexes ?? []), ...columns.map(({ field }) => field)])]

  return (
    <Page
      name={name}
      title={<span className="mono">{name}</span>}
      about={made ? `From ${made.events.join(', ')}` : '\u00a0'}
      actions={
        <>
          {summary && <LagWord lag={summary.lag} />}
          {summary && <Badge tone="accent">{summary.lifecycle}</Badge>}
          <Button
            icon={following ? 'live' : 'pause'}
            aria-pressed={following}
            onClick={() => setFollowing(!following)}
            title="Whether the table follows the log"
          >
            {following ? 'Following' : 'Held'}
          </Button>
        </>
      }
    >
      <ConditionBar fields={fields} conditions={list.conditions} onChange={list.setConditions} />
      {query.isError && !query.isPlaceholderData ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !data ? (
        <Loading rows={12} />
      ) : data.items.length === 0 ? (
        <Empty
          title={list.conditions.length > 0 ? 'No document meets the filter' : 'The view is empty so far'}
        />
      ) : (
        <DocumentTable
          view={name}
          documents={data.items}
          columns={columns}
          sort={list.sort}
          onSort={list.sortBy}
        />
      )}
      <footer className="view-foot">
        <span className="faint number">
          {data ? `Page ${list.page + 1}, ${data.items.length} documents` : '\u00a0'}
        </span>
        <Button icon="back" disabled={list.page === 0} onClick={list.back}>
          Back
        </Button>
        <Button
          disabled={!data?.cursor || query.isPlaceholderData}
          onClick={() => data?.cursor && list.forward(data.cursor)}
        >
          Next page
        </Button>
      </footer>
    </Page>
  )
}
