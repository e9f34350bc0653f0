import { isObject } from '../../format/json.ts'
import { Button } from '../../ui/button.tsx'
import { kindOf, type SchemaFieldProps, startOf, withField } from './form-values.ts'
import { SimpleInput } from './simple-input.tsx'

/** An input for any part of a command, made from its schema. */
export function SchemaField(props: SchemaFieldProps) {
  const { name, schema, required, pointer, faults } = props
  const kind = kindOf(schema)
  const own = faults.filter((fault) => fault.pointer === pointer)
  return (
    <div className={`schema-field ${kind}`}>
      {name !== '' && (
        <label htmlFor={pointer}>
          <span className="mono">{name}</span>
          {!required && <span className="faint"> optional</span>}
        </label>
      )}
      {kind === 'object' ? (
        <ObjectField {...props} />
      ) : kind === 'list' ? (
        <ListField {...props} />
      ) : (
        <SimpleInput {...props} />
      )}
      {name !== '' && schema.description && <p className="schema-about">{schema.description}</p>}
      {own.map(({ detail }) => (
        <p key={detail} className="schema-fault" role="alert">
          {detail}
        </p>
      ))}
    </div>
  )
}

function ObjectField({ schema, value, onChange, pointer, faults }: SchemaFieldProps) {
  return (
    <div className="schema-object">
      {Object.entries(schema.properties ?? {}).map(([name, part]) => (
        <SchemaField
          key={name}
          name={name}
          schema={part}
          value={isObject(value) ? value[name] : undefined}
          onChange={(next) => onChange(withField(value, name, next))}
          required={schema.required?.includes(name) ?? false}
          pointer={`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`}
          faults={faults}
        />
      ))}
    </div>
  )
}

function ListField({ schema, value, onChange, pointer, faults }: SchemaFieldProps) {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const part = schema.items ?? {}
  return (
    <div className="schema-list">
      {items.map((item, index) => (
        <div key={index} className="schema-item">
          <SchemaField
            name=""
            schema={part}
            value={item}
            onChange={(next) => onChange(items.map((other, at) => (at === index ? next : other)))}
            required
            pointer={`${pointer}/${index}`}
            faults={faults}
          />
          <Button
            look="quiet"
            icon="close"
            aria-label={`Remove item ${index + 1}`}
            onClick={() => onChange(items.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button look="quiet" onClick={() => onChange([...items, startOf(part)])}>
        Add an item
      </Button>
    </div>
  )
}
