import type { ViewSummary } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { viewsQuery } from '../../data/queries.ts'
import { whole } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { LagWord } from '../../ui/lag.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { CodeBadge } from './code-badge.tsx'
import { RebuildButton } from './rebuild-button.tsx'
import { RebuildStatus } from './rebuild-status.tsx'
import '../../ui/table.css'

const lifecycles = {
  inline: 'Updated in the append itself',
  async: 'Updated right after the append, by a processor',
  live: 'Folded from the log when it is asked for',
}

/** All views: from which events they are made, and how far they are. */
export function ViewsRoom() {
  const { data, error, isError, refetch } = useQuery(viewsQuery)
  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Page name="Views" about="What is derived from the facts, and how far each has come">
      {!data ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty title="This app has no views">
          A view folds events into documents that can be listed and filtered.
        </Empty>
      ) : (
        <div className="table-scroll scroll">
          <table className="table">
            <thead>
              <tr>
                <th>View</th>
                <th>Lifecycle</th>
                <th className="right">Version</th>
                <th>Documents</th>
                <th>Made from</th>
                <th>Indexes</th>
                <th className="right">Lag</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((view) => (
                <ViewRow key={view.name} view={view} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  )
}

function ViewRow({ view }: { view: ViewSummary }) {
  const { name, lifecycle, version, rebuild } = view
  return (
    <tr>
      <td>
        <Link href={paths.view(name)} className="reference">
          {name}
        </Link>
      </td>
      <td title={lifecycles[lifecycle]}>
        <Badge tone={lifecycle === 'async' ? 'accent' : 'calm'}>{lifecycle}</Badge>
      </td>
      <td className="right number">
        {lifecycle === 'live' ? (
          <span className="faint">–</span>
        ) : (
          <Link href={paths.versions(name)} className="reference" title={`The versions of ${name}`}>
            {version ?? '–'}
          </Link>
        )}
      </td>
      {rebuild ? (
        <td colSpan={5} className="is-rebuilding">
          <RebuildStatus rebuild={rebuild} />
        </td>
      ) : (
        <>
          <td>
            <CodeBadge view={view} />
          </td>
          <td className="wrap soft">{view.events.join(', ')}</td>
          <td className="mono soft">{view.indexes.join(', ') || '–'}</td>
          <td className="right" title={`At position ${whole(view.position)}`}>
            <LagWord lag={view.lag} />
          </td>
          <td className="actions">
            <div>{lifecycle !== 'live' && <RebuildButton view={name} isDue={view.code === 'changed'} />}</div>
          </td>
        </>
      )}
    </tr>
  )
}
