import type { ParkedSequence, ProcessorSummary } from '@headwater/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import { client } from '../../data/client.ts'
import { sequencesQuery } from '../../data/queries.ts'
import { count } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Fault } from '../../ui/confirm.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { ParkedEventPane } from './parked-event.tsx'
import { useRefreshProcessing } from './refresh-processing.ts'
import './parked.css'

/** Those of all tenants, where the list shows them. */
function retryAll(processor: string, sequences: readonly ParkedSequence[]) {
  const allTenants = sequences.some(({ tenant }) => tenant !== '')
  return client.processor(processor).parked.retry(allTenants ? { allTenants } : {})
}

/** What a processor had to leave aside: the keys that wait, and for the chosen one the event on which they do. */
export function ParkedSection({ processor: { name, parked } }: { processor: ProcessorSummary }) {
  const refresh = useRefreshProcessing()
  const [address, setAddress] = useSearchParams()
  const { data, error, isError, refetch } = useQuery(sequencesQuery(name))
  const retry = useMutation({ mutationFn: () => retryAll(name, data ?? []), onSuccess: refresh })
  const chosen =
    data?.find(
      ({ sequence, tenant }) =>
        sequence === address.get('sequence') && tenant === (address.get('tenant') ?? ''),
    ) ?? data?.[0]
  const choose = ({ sequence, tenant }: ParkedSequence) =>
    setAddress(tenant === '' ? { sequence } : { sequence, tenant }, { replace: true })

  return (
    <Section
      title="Parked"
      extra={
        parked > 0 && (
          <span className="parked-all">
            <span className="faint number">{count(parked, 'event')}</span>
            <Button icon="processing" disabled={retry.isPending} onClick={() => retry.mutate()}>
              Retry all
            </Button>
          </span>
        )
      }
    >
      {retry.error && <Fault error={retry.error} />}
      {isError && !data ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Loading rows={3} />
      ) : !chosen ? (
        <p className="section-body soft">
          Nothing is. An event that can not be processed is parked with those behind it of the same key, and
          all others go on.
        </p>
      ) : (
        <div className="parked-body">
          <ul className="parked-list scroll" aria-label="Keys that wait">
            {data.map((sequence) => (
              <li key={`${sequence.tenant} ${sequence.sequence}`}>
                <button
                  type="button"
                  aria-pressed={sequence === chosen}
                  title={sequence.sequence}
                  onClick={() => choose(sequence)}
                >
                  <span className="mono cut">{sequence.sequence}</span>
                  <span className="faint cut">
                    {sequence.tenant !== '' && `${sequence.tenant}, `}
                    {count(sequence.events, 'event')}
                  </span>
                  {sequence.isAsked && <Badge tone="accent">to be retried</Badge>}
                </button>
              </li>
            ))}
          </ul>
          <ParkedEventPane
            key={`${chosen.tenant} ${chosen.sequence} ${chosen.position}`}
            processor={name}
            sequence={chosen}
          />
        </div>
      )}
    </Section>
  )
}
