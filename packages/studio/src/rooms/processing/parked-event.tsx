import type { ParkedSequence } from '@headwater/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../data/client.ts'
import { parkedEventQuery } from '../../data/queries.ts'
import { count, whole } from '../../format/number.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm, Fault } from '../../ui/confirm.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { EventLink, StreamLink } from '../../ui/links.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Ago } from '../../ui/time.tsx'
import { EditParked } from './edit-parked.tsx'
import { useRefreshProcessing } from './refresh-processing.ts'

interface ParkedEventProps {
  readonly processor: string
  readonly sequence: ParkedSequence
}

/** The event on which a key waits: what it says, why it could not be processed, and what can be done about it. */
export function ParkedEventPane({
  processor,
  sequence: { sequence, tenant, position, events },
}: ParkedEventProps) {
  const refresh = useRefreshProcessing()
  const [asking, setAsking] = useState<'edit' | 'drop' | 'drop-all'>()
  const place = { sequence, tenant, position }
  const { data, error, isError, refetch } = useQuery(parkedEventQuery(processor, place))
  const { parked } = client.processor(processor)
  const retry = useMutation({ mutationFn: () => parked.retry({ sequence, tenant }), onSuccess: refresh })
  const close = () => setAsking(undefined)

  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Loading rows={5} />
  const { event, edit, behind } = data
  return (
    <div className="parked-event">
      <header>
        <h3 className="cut">
          <EventLink id={event.id} label={event.type} />
        </h3>
        <Button icon="processing" look="main" disabled={retry.isPending} onClick={() => retry.mutate()}>
          Retry
        </Button>
        <Button onClick={() => setAsking('edit')}>Edit data</Button>
        <Button look="quiet" onClick={() => setAsking('drop')}>
          Drop
        </Button>
        {behind > 0 && (
          <Button look="quiet" onClick={() => setAsking('drop-all')}>
            Drop all {whole(events)}
          </Button>
        )}
      </header>
      {retry.error && <Fault error={retry.error} />}
      <p className="parked-error">{data.error ?? 'It waits behind another event.'}</p>
      <p className="soft">
        Position {whole(position)} of <StreamLink stream={event.stream} />, tried{' '}
        {count(data.attempts, 'time')}, parked <Ago at={data.parkedAt} />.{' '}
        {behind > 0
          ? `${count(behind, 'event')} of the same key wait behind it.`
          : 'Nothing waits behind it.'}
      </p>
      {edit && (
        <p className="parked-edit">
          Edited <Ago at={edit.at} />
          {edit.actor && ` by ${edit.actor}`}: {edit.why}
        </p>
      )}
      <h4>{edit ? 'Data that it is processed with' : 'Data'}</h4>
      <JsonTree value={data.data} />
      {edit && (
        <>
          <h4>As it was recorded</h4>
          <JsonTree value={event.data} />
        </>
      )}
      {asking === 'edit' && <EditParked processor={processor} parked={data} onClose={close} />}
      {(asking === 'drop' || asking === 'drop-all') && (
        <Confirm
          title={
            asking === 'drop'
              ? `Drop position ${position} of ${sequence}?`
              : `Drop all that is parked of ${sequence}?`
          }
          action={asking === 'drop' ? 'Drop it' : `Drop all ${whole(events)}`}
          isDangerous
          reason="required"
          act={async (why) => {
            await parked.drop({ ...place, position: asking === 'drop' ? position : undefined, why })
            await refresh()
          }}
          onClose={close}
        >
          <p>
            {processor} never processes {asking === 'drop' ? 'this event' : 'these events'}. The log keeps{' '}
            {asking === 'drop' ? 'it' : 'them'}, and what others make of {asking === 'drop' ? 'it' : 'them'}{' '}
            stays.
            {asking === 'drop' && behind > 0 && ' Those behind it are tried next.'}
          </p>
        </Confirm>
      )}
    </div>
  )
}
