import type { Envelope } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { concernedBy, eventProcessingQuery, type Processed } from '../../data/event-processing.ts'
import { paths } from '../../data/paths.ts'
import { processorsQuery } from '../../data/queries.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ago } from '../../ui/time.tsx'
import { ResultValue } from '../processing/result-table.tsx'
import '../processing/processing.css'
import '../../ui/table.css'

/** What views and subscriptions have made of an event: handled, parked, dropped, or not yet. */
export function EventProcessing({ event }: { event: Envelope }) {
  const { catalog } = useCatalog()
  const processors = useQuery(processorsQuery).data ?? []
  const concerned = concernedBy(catalog, processors, event.type)
  const { data, error, isError } = useQuery({
    ...eventProcessingQuery(event, concerned),
    enabled: concerned.length > 0,
  })
  if (concerned.length === 0) return null
  return (
    <Section title="Processing">
      {isError && !data ? (
        <Failure error={error} />
      ) : !data ? (
        <Loading rows={2} />
      ) : (
        <table className="table processed">
          <thead>
            <tr>
              <th>Processor</th>
              <th>Kind</th>
              <th>Outcome</th>
              <th className="right">Tries</th>
              <th>Result</th>
              <th>When</th>
            </tr>
          </thead>
          <tbody>
            {data.map((processed) => (
              <Row key={processed.processor.name} processed={processed} event={event} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function Row({ processed, event }: { processed: Processed; event: Envelope }) {
  const { processor, result, parked } = processed
  const [tone, outcome] = outcomeOf(processed, event)
  const tries = parked?.attempts ?? result?.attempts
  const at = parked?.parkedAt ?? result?.at
  return (
    <tr>
      <td>
        <Link href={paths.processor(processor.name)} className="reference">
          {processor.name}
        </Link>
      </td>
      <td className="soft">{processor.kind}</td>
      <td title={result && `By ${result.owner}`}>
        <Badge tone={tone}>{outcome}</Badge>
      </td>
      <td className="right number">{tries ?? <span className="faint">–</span>}</td>
      <td className="wrap">
        {parked ? (
          <span className="processor-error">{parked.error ?? 'It waits behind another event'}</span>
        ) : result ? (
          <ResultValue result={result} />
        ) : (
          <span className="faint">–</span>
        )}
      </td>
      <td>{at ? <Ago at={at} /> : <span className="faint">–</span>}</td>
    </tr>
  )
}

function outcomeOf({ processor, result, parked }: Processed, event: Envelope): readonly [Tone, string] {
  if (parked) return ['bad', 'parked']
  if (result?.status === 'failed') return ['bad', 'failed']
  if (result?.status === 'dropped') return ['warn', 'dropped']
  return result || processor.position >= event.position ? ['good', 'handled'] : ['calm', 'not yet']
}
