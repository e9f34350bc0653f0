import { useQuery } from '@tanstack/react-query'
import { actsQuery } from '../../data/queries.ts'
import { Failure } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Summary } from '../../ui/summary.tsx'
import { Ago } from '../../ui/time.tsx'
import '../../ui/table.css'

/** What operators did with a processor, the last first. */
export function ActTable({ processor }: { processor: string }) {
  const { data, error, isError } = useQuery(actsQuery(processor))
  if (isError && !data) return <Failure error={error} />
  if (!data || data.length === 0) return null
  return (
    <Section title="What operators did">
      <table className="table">
        <thead>
          <tr>
            <th>What</th>
            <th>Who</th>
            <th>Reason</th>
            <th>When</th>
            <th>Details</th>
          </tr>
        </thead>
        <tbody>
          {data.map((act) => (
            <tr key={act.sequence}>
              <td>{act.kind}</td>
              <td className="soft">{act.actor ?? '–'}</td>
              <td className="wrap">{act.why ?? <span className="faint">–</span>}</td>
              <td>
                <Ago at={act.at} />
              </td>
              <td>
                <Summary data={act.details} without={undefined} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
