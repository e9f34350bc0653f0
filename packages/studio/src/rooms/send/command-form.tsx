import { type CatalogCommand, HeadwaterProblem, newCommandId } from '@headwater/client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../data/client.ts'
import { Button } from '../../ui/button.tsx'
import { startOf } from './form-values.ts'
import { SchemaField } from './schema-field.tsx'
import { SentOutcome } from './sent-outcome.tsx'

/** The form of one command; what was decided appears beside it. */
export function CommandForm({ command, onLeave }: { command: CatalogCommand; onLeave: () => void }) {
  const schema = command.schema ?? {}
  const [data, setData] = useState<unknown>(() => startOf(schema))
  const sending = useMutation({
    mutationFn: async () => {
      const id = newCommandId()
      return client.execute(command.name, data ?? {}, { id })
    },
  })
  const problem = sending.error instanceof HeadwaterProblem ? sending.error : undefined
  const faults = problem?.errors ?? []
  const send = (event: FormEvent) => {
    event.preventDefault()
    sending.mutate()
  }
  return (
    <div className="send-body scroll">
      <form onSubmit={send} noValidate>
        <h2>{command.name}</h2>
        <SchemaField
          name=""
          schema={schema}
          value={data}
          onChange={setData}
          required
          pointer=""
          faults={faults}
        />
        <div className="send-buttons">
          <Button type="submit" look="main" icon="send" disabled={sending.isPending}>
            {sending.isPending ? 'Deciding…' : 'Send'}
          </Button>
          <Button look="quiet" onClick={onLeave}>
            To the command log
          </Button>
        </div>
      </form>
      <SentOutcome accepted={sending.data} error={sending.error} type={command.name} data={data} />
    </div>
  )
}
