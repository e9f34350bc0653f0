import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { choicesOf, kindOf, type SchemaFieldProps } from './form-values.ts'

/** One value: a text, a number, yes or no, one of several, or any JSON. */
export function SimpleInput({ schema, value, onChange, pointer }: SchemaFieldProps) {
  switch (kindOf(schema)) {
    case 'text':
      return (
        <Field
          id={pointer}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      )
    case 'number':
      return (
        <Field
          id={pointer}
          type="number"
          step={schema.type === 'integer' ? 1 : 'any'}
          value={typeof value === 'number' ? value : ''}
          onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
        />
      )
    case 'boolean':
      return (
        <input
          id={pointer}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
      )
    case 'choice': {
      const choices = choicesOf(schema)
      return (
        <select
          id={pointer}
          value={choices.indexOf(value)}
          onChange={(event) => onChange(choices[Number(event.target.value)])}
        >
          <option value={-1}>–</option>
          {choices.map((choice, index) => (
            <option key={String(choice)} value={index}>
              {String(choice)}
            </option>
          ))}
        </select>
      )
    }
    default:
      return <JsonInput id={pointer} value={value} onChange={onChange} />
  }
}

interface JsonInputProps {
  readonly id: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

/** What is being typed is kept as it is until it is JSON. */
export function JsonInput({ id, value, onChange }: JsonInputProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, undefined, 2)))
  const [wrong, setWrong] = useState('')
  const type = (next: string) => {
    setText(next)
    if (next.trim() === '') {
      setWrong('')
      return onChange(undefined)
    }
    try {
      const parsed: unknown = JSON.parse(next)
      setWrong('')
      onChange(parsed)
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <textarea
        id={id}
        className="mono"
        rows={4}
        placeholder="JSON"
        spellCheck={false}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      {wrong !== '' && <p className="schema-fault">{wrong}</p>}
    </>
  )
}
