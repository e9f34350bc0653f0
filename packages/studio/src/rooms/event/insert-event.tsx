import { type Envelope, HeadwaterProblem } from '@headwater/client'
import { useState } from 'react'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { Labelled } from '../../ui/labelled.tsx'
import { startOf, withField } from '../send/form-values.ts'
import { SchemaField } from '../send/schema-field.tsx'
import { useAmendWhere, WhereChoice } from './amend-where.tsx'

/** Says what should have been recorded right behind an event, by a form made from the schema of its type. */
export function InsertEvent({ event, onClose }: { event: Envelope; onClose: () => void }) {
  const at = useAmendWhere(event.id)
  const { catalog } = useCatalog()
  const types = (catalog?.events ?? []).filter(({ aggregate }) => aggregate === aggregateOf(event.stream))
  const schemaOf = (name: string) => types.find((type) => type.name === name)?.schema ?? {}
  const idField = catalog?.contexts
    .flatMap(({ aggregates }) => aggregates)
    .find(({ name }) => name === aggregateOf(event.stream))?.id
  /** What the form begins with: the stream's own id is known. */
  const begin = (name: string): unknown => {
    const schema = schemaOf(name)
    const isNamed = idField !== undefined && schema.properties?.[idField] !== undefined
    return isNamed ? withField(startOf(schema), idField, event.aggregateId) : startOf(schema)
  }
  const [type, setType] = useState(types[0]?.name ?? event.type)
  const [data, setData] = useState<unknown>(() => begin(type))
  const [occurred, setOccurred] = useState('')
  const [faults, setFaults] = useState<HeadwaterProblem['errors']>([])
  const insert = async (why: string) => {
    const occurredAt = occurred === '' ? undefined : new Date(occurred).toISOString()
    try {
      await at.client.insert(event.id, { type, data: data ?? {}, occurredAt }, { why })
    } catch (error) {
      setFaults(error instanceof HeadwaterProblem ? error.errors : [])
      throw error
    }
    await at.show()
  }
  return (
    <Confirm
      title={`Insert an event behind this ${event.type}`}
      action="Insert it"
      reason="required"
      act={insert}
      onClose={onClose}
    >
      <p>
        It counts as if it had been recorded right after this one: states, decisions and views follow. No
        effect is made up for.
      </p>
      <WhereChoice at={at} />
      <Labelled label="Type">
        {(id) => (
          <select
            id={id}
            value={type}
            onChange={({ target }) => {
              setType(target.value)
              setData(begin(target.value))
              setFaults([])
            }}
          >
            {types.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Labelled>
      <SchemaField
        key={type}
        name=""
        schema={schemaOf(type)}
        value={data}
        onChange={setData}
        required
        pointer="/data"
        faults={faults}
      />
      <Labelled label="When it occurred; otherwise as the event before it">
        {(id) => (
          <Field
            id={id}
            type="datetime-local"
            step={1}
            value={occurred}
            onChange={({ target }) => setOccurred(target.value)}
          />
        )}
      </Labelled>
    </Confirm>
  )
}
