import { type FormEvent, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { Labelled } from '../../../ui/labelled.tsx'
import { type Asked, everies, levels, measures, methods } from './asked.ts'

interface ForecastFormProps {
  /** Those that the documents have. */
  readonly fields: readonly string[]
  readonly asked: Asked
  readonly isBusy: boolean
  readonly onAsk: (asked: Asked) => void
}

/** What is to go on, and how far. */
export function ForecastForm({ fields, asked, isBusy, onAsk }: ForecastFormProps) {
  const [form, setForm] = useState<Asked>({ ...asked, field: asked.field || (fields[0] ?? '') })
  const set = (change: Partial<Asked>) => setForm({ ...form, ...change })
  const ask = (event: FormEvent) => {
    event.preventDefault()
    onAsk(form)
  }
  return (
    <form className="forecast-form" onSubmit={ask} aria-label="What to forecast">
      <Labelled label="Field">
        {(id) => (
          <>
            <Field
              id={id}
              required
              list={`${id}-fields`}
              placeholder="revenue"
              value={form.field}
              onChange={({ target }) => set({ field: target.value })}
            />
            <datalist id={`${id}-fields`}>
              {fields.map((field) => (
                <option key={field}>{field}</option>
              ))}
            </datalist>
          </>
        )}
      </Labelled>
      <Labelled label="Of the document">
        {(id) => (
          <Field
            id={id}
            placeholder="all, summed"
            value={form.key}
            onChange={({ target }) => set({ key: target.value })}
          />
        )}
      </Labelled>
      <Choice
        label="What of it"
        value={form.measure}
        options={measures}
        onChoose={(measure) => set({ measure })}
      />
      <Choice
        label="Each"
        value={form.every}
        options={Object.fromEntries(everies.map((every) => [every, every]))}
        onChoose={(every) => set({ every })}
      />
      <Labelled label="Periods ahead">
        {(id) => (
          <Field
            id={id}
            type="number"
            required
            min={1}
            max={1_000}
            value={form.horizon}
            onChange={({ target }) => set({ horizon: target.value })}
          />
        )}
      </Labelled>
      <Choice
        label="Method"
        value={form.method}
        options={{
          '': 'what did best',
          ...Object.fromEntries(Object.keys(methods).map((name) => [name, name])),
        }}
        onChoose={(method) => set({ method })}
      />
      <Choice
        label="Interval"
        value={form.level}
        options={Object.fromEntries(levels.map((level) => [level, `${Math.round(Number(level) * 100)} %`]))}
        onChoose={(level) => set({ level })}
      />
      <Labelled label="Past until">
        {(id) => (
          <Field id={id} type="date" value={form.to} onChange={({ target }) => set({ to: target.value })} />
        )}
      </Labelled>
      <Button type="submit" look="main" disabled={isBusy}>
        {isBusy ? 'Looking ahead…' : 'Forecast'}
      </Button>
    </form>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  /** What is shown of each value. */
  readonly options: Readonly<Record<string, string>>
  readonly onChoose: (value: string) => void
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <Labelled label={label}>
      {(id) => (
        <select id={id} value={value} onChange={({ target }) => onChoose(target.value)}>
          {Object.entries(options).map(([one, shown]) => (
            <option key={one} value={one}>
              {shown}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}
