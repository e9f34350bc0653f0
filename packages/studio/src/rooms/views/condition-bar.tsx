import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Condition, type Operator, operators } from './list-state.ts'
import './condition-bar.css'

interface ConditionBarProps {
  readonly fields: readonly string[]
  readonly conditions: readonly Condition[]
  readonly onChange: (conditions: readonly Condition[]) => void
  /** Stands before the filter. */
  readonly children?: ReactNode
}

const names = Object.keys(operators).filter((name): name is Operator => Object.hasOwn(operators, name))

/** Conditions that documents must meet: those that hold as chips, and a line to add one. */
export function ConditionBar({ fields, conditions, onChange, children }: ConditionBarProps) {
  const [field, setField] = useState('')
  const [operator, setOperator] = useState<Operator>('eq')
  const [value, setValue] = useState('')
  const chosen = fields.includes(field) ? field : (fields[0] ?? '')

  const add = (event: FormEvent) => {
    event.preventDefault()
    if (chosen === '' || value.trim() === '') return
    onChange([...conditions, { field: chosen, operator, value: value.trim() }])
    setValue('')
  }

  return (
    <div className="condition-bar">
      {children}
      <form onSubmit={add} aria-label="Filter">
        <Icon name="filter" size={14} />
        <select aria-label="Field" value={chosen} onChange={(event) => setField(event.target.value)}>
          {fields.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select
          aria-label="Comparison"
          value={operator}
          onChange={(event) => setOperator(names.find((name) => name === event.target.value) ?? 'eq')}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {operators[name]}
            </option>
          ))}
        </select>
        <Field
          aria-label="Value"
          placeholder="Value"
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button type="submit" disabled={value.trim() === ''}>
          Add filter
        </Button>
      </form>
      {conditions.map((condition) => (
        <button
          key={`${condition.field} ${condition.operator} ${condition.value}`}
          type="button"
          className="condition"
          title="Remove this filter"
          onClick={() => onChange(conditions.filter((other) => other !== condition))}
        >
          <span className="mono">{condition.field}</span> {operators[condition.operator]}{' '}
          <b>{condition.value}</b>
          <Icon name="close" size={12} />
        </button>
      ))}
    </div>
  )
}
