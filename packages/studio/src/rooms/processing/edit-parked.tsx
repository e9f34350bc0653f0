import { HeadwaterProblem, type ParkedEventDetail } from '@headwater/client'
import { useState } from 'react'
import { client } from '../../data/client.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { JsonInput } from '../send/simple-input.tsx'
import { useRefreshProcessing } from './refresh-processing.ts'
import '../send/send.css'

interface EditParkedProps {
  readonly processor: string
  readonly parked: ParkedEventDetail
  readonly onClose: () => void
}

/** Other data for a parked event; what the server finds wrong with it is told beside it. */
export function EditParked({ processor, parked, onClose }: EditParkedProps) {
  const refresh = useRefreshProcessing()
  const [data, setData] = useState(parked.data)
  const [faults, setFaults] = useState<HeadwaterProblem['errors']>([])
  const { sequence, tenant, position, event } = parked
  const edit = async (why: string) => {
    try {
      await client.processor(processor).parked.edit({ sequence, tenant, position }, { data, why })
    } catch (error) {
      setFaults(error instanceof HeadwaterProblem ? error.errors : [])
      throw error
    }
    await refresh()
  }
  return (
    <Confirm
      title={`Edit the data of ${event.type}`}
      action="Save"
      reason="required"
      act={edit}
      onClose={onClose}
    >
      <p>
        Only {processor} processes the event with this; the log is not changed, nor what others see. It is
        tried when you retry it.
      </p>
      <div className="schema-field parked-data">
        <label htmlFor="parked-data">Data</label>
        <JsonInput id="parked-data" value={data} onChange={setData} />
        {faults.map(({ pointer, detail }) => (
          <p key={`${pointer} ${detail}`} className="schema-fault" role="alert">
            {pointer && <code>{pointer}</code>} {detail}
          </p>
        ))}
      </div>
    </Confirm>
  )
}
