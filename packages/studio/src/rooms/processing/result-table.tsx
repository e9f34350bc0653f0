import type { ProcessingResult } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { resultsQuery } from '../../data/queries.ts'
import { whole } from '../../format/number.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Failure } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ago } from '../../ui/time.tsx'
import '../../ui/table.css'

const tones: Readonly<Record<ProcessingResult['status'], Tone>> = {
  handled: 'good',
  failed: 'bad',
  dropped: 'warn',
}

/** What was made of events, where there is more to tell than that they were processed. */
export function ResultTable({ processor }: { processor: string }) {
  const { data, error, isError } = useQuery(resultsQuery(processor))
  if (isError && !data) return <Failure error={error} />
  if (!data || data.length === 0) return null
  return (
    <Section title="Results" extra={<span className="faint">results, retries and drops</span>}>
      <table className="table">
        <thead>
          <tr>
            <th>Key</th>
            <th className="right">Position</th>
            <th>Outcome</th>
            <th className="right">Tries</th>
            <th>Result</th>
            <th>When</th>
          </tr>
        </thead>
        <tbody>
          {data.map((result) => (
            <tr key={`${result.tenant} ${result.sequence} ${result.position}`}>
              <td className="mono" title={result.sequence}>
                {result.sequence}
              </td>
              <td className="right number">{whole(result.position)}</td>
              <td title={byWhom(result)}>
                <Badge tone={tones[result.status]}>{result.status}</Badge>
              </td>
              <td className="right number">{result.attempts}</td>
              <td className="wrap">
                <ResultValue result={result} />
              </td>
              <td>
                <Ago at={result.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

/** What the handler gave or why it failed; and who edited or dropped the event, and why. */
export function ResultValue({ result: { status, result, error, why, actor } }: { result: ProcessingResult }) {
  return (
    <>
      {error !== null ? (
        <span className="processor-error">{error}</span>
      ) : result !== null && result !== undefined ? (
        <span className="mono">{JSON.stringify(result)}</span>
      ) : (
        status === 'handled' && <span className="faint">nothing</span>
      )}{' '}
      {why !== null && (
        <span className="soft">
          {status === 'dropped' ? 'dropped' : 'edited'}
          {actor !== null && ` by ${actor}`}: {why}
        </span>
      )}
    </>
  )
}

function byWhom({ owner, job }: ProcessingResult): string {
  return job === null ? `By ${owner}` : `By ${owner}, in the reprocessing job ${job}`
}
