import { type Amended, type Envelope, HeadwaterProblem } from '@headwater/client'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { JsonInput } from '../send/simple-input.tsx'
import { useAmendWhere, WhereChoice } from './amend-where.tsx'
import { InsertEvent } from './insert-event.tsx'
import '../send/send.css'
import './amended.css'

type Act = 'ignore' | 'correct' | 'restore' | 'insert'

interface AmendButtonsProps {
  /** As it counts, where it was amended. */
  readonly event: Envelope
  readonly amended: Amended | undefined
}

/** Says of an event that it counts no more, or otherwise, or as it was recorded after all, or that another one follows it. */
export function AmendButtons({ event, amended }: AmendButtonsProps) {
  const [act, setAct] = useState<Act>()
  const close = () => setAct(undefined)
  if (event.type.startsWith('$')) return null
  const isStanding = amended?.edit !== 'omit'
  const canBeRestored = amended?.edit === 'omit' || amended?.edit === 'replace'
  return (
    <span className="amend-buttons">
      {isStanding && <Button onClick={() => setAct('correct')}>Correct</Button>}
      {isStanding && <Button onClick={() => setAct('ignore')}>Ignore</Button>}
      {isStanding && <Button onClick={() => setAct('insert')}>Insert behind it</Button>}
      {canBeRestored && <Button onClick={() => setAct('restore')}>Restore</Button>}
      {act === 'insert' && <InsertEvent event={event} onClose={close} />}
      {act === 'correct' && <Correct event={event} onClose={close} />}
      {(act === 'ignore' || act === 'restore') && <Say act={act} event={event} onClose={close} />}
    </span>
  )
}

function Say({ act, event, onClose }: { act: 'ignore' | 'restore'; event: Envelope; onClose: () => void }) {
  const at = useAmendWhere(event.id)
  const say = async (why: string) => {
    await at.client[act](event.id, { why })
    await at.show()
  }
  return (
    <Confirm
      title={act === 'ignore' ? `Ignore this ${event.type}` : `Restore this ${event.type}`}
      action={act === 'ignore' ? 'Ignore it' : 'Restore it'}
      isDangerous={act === 'ignore'}
      reason="required"
      act={say}
      onClose={onClose}
    >
      <p>
        {act === 'ignore'
          ? 'It stays in the log, but counts no more: states, decisions and views are as if it had not been. No effect is repeated or taken back.'
          : 'It counts again, as it was recorded.'}
      </p>
      <WhereChoice at={at} />
    </Confirm>
  )
}

function Correct({ event, onClose }: { event: Envelope; onClose: () => void }) {
  const at = useAmendWhere(event.id)
  const [data, setData] = useState(event.data)
  const [faults, setFaults] = useState<HeadwaterProblem['errors']>([])
  const correct = async (why: string) => {
    try {
      await at.client.correct(event.id, { data }, { why })
    } catch (error) {
      setFaults(error instanceof HeadwaterProblem ? error.errors : [])
      throw error
    }
    await at.show()
  }
  return (
    <Confirm
      title={`Correct this ${event.type}`}
      action="Correct it"
      reason="required"
      act={correct}
      onClose={onClose}
    >
      <p>
        What was recorded stays in the log. What you write counts in its place: states, decisions and views
        are as if it had been recorded so.
      </p>
      <WhereChoice at={at} />
      <div className="schema-field parked-data">
        <label htmlFor="corrected-data">Data</label>
        <JsonInput id="corrected-data" value={data} onChange={setData} />
        {faults.map(({ pointer, detail }) => (
          <p key={`${pointer} ${detail}`} className="schema-fault" role="alert">
            {pointer && <code>{pointer}</code>} {detail}
          </p>
        ))}
      </div>
    </Confirm>
  )
}
