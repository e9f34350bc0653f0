import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import { documentsQuery, viewsQuery } from '../../data/queries.ts'
import { useLiveRefresh } from '../../data/use-live.ts'
import { count } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { LagWord } from '../../ui/lag.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { CodeBadge } from './code-badge.tsx'
import { columnsOf } from './columns.ts'
import { ConditionBar } from './condition-bar.tsx'
import { DocumentTable } from './document-table.tsx'
import { useListState } from './list-state.ts'
import { RebuildStatus } from './rebuild-status.tsx'
import { SearchField } from './search-field.tsx'
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
          {summary?.code && summary.code !== 'same' && <CodeBadge view={summary} />}
          <Link href={paths.forecast(name)} className="button" title="How its numbers are expected to go on">
            Forecast
          </Link>
          {summary && summary.version !== null && (
            <Link href={paths.versions(name)} className="button" title="The versions of its documents">
              Version {summary.version}
            </Link>
          )}
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
      {summary?.rebuild && (
        <div className="view-rebuild">
          <RebuildStatus rebuild={summary.rebuild} />
        </div>
      )}
      <ConditionBar fields={fields} conditions={list.conditions} onChange={list.setConditions}>
        {made && made.search.length > 0 && (
          <SearchField paths={made.search} value={list.search} onChange={list.searchFor} />
        )}
      </ConditionBar>
      {query.isError && !query.isPlaceholderData ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !data ? (
        <Loading rows={12} />
      ) : data.items.length === 0 ? (
        <Empty
          title={
            list.search.trim() !== ''
              ? 'No document has these words'
              : list.conditions.length > 0
                ? 'No document meets the filter'
                : 'The view is empty so far'
          }
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
          {data ? `Page ${list.page + 1}, ${count(data.items.length, 'document')}` : '\u00a0'}
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
