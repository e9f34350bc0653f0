import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { viewsQuery } from '../../data/queries.ts'
import { whole } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { LagWord } from '../../ui/lag.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
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
                <th>Made from</th>
                <th>Indexes</th>
                <th className="right">Position</th>
                <th className="right">Lag</th>
              </tr>
            </thead>
            <tbody>
              {data.map((view) => (
                <tr key={view.name}>
                  <td>
                    <Link href={paths.view(view.name)} className="reference">
                      {view.name}
                    </Link>
                  </td>
                  <td title={lifecycles[view.lifecycle]}>
                    <Badge tone={view.lifecycle === 'async' ? 'accent' : 'calm'}>{view.lifecycle}</Badge>
                  </td>
                  <td className="wrap soft">{view.events.join(', ')}</td>
                  <td className="mono soft">{view.indexes.join(', ') || '–'}</td>
                  <td className="right number">{whole(view.position)}</td>
                  <td className="right">
                    <LagWord lag={view.lag} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  )
}
