import { type CatalogQuery, HeadwaterProblem } from '@headwater/client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../data/client.ts'
import { duration } from '../../format/time.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { curlOfQuery } from '../send/curl.ts'
import { startOf } from '../send/form-values.ts'
import { Refused } from '../send/refused.tsx'
import { SameByCurl } from '../send/same-by-curl.tsx'
import { SchemaField } from '../send/schema-field.tsx'
import './queries.css'

interface Answer {
  /** Undefined: it has none. */
  readonly value: unknown
  readonly seconds: number
}

/** The form of one query; the answer appears beside it. */
export function QueryForm({ query }: { query: CatalogQuery }) {
  const schema = query.input ?? {}
  const takesNothing = query.input !== null && Object.keys(schema.properties ?? {}).length === 0
  const [input, setInput] = useState<unknown>(() => startOf(schema))
  const asking = useMutation({ mutationFn: () => ask(query.name, input) })
  const faults = asking.error instanceof HeadwaterProblem ? asking.error.errors : []
  const send = (event: FormEvent) => {
    event.preventDefault()
    asking.mutate()
  }
  return (
    <div className="send-body query scroll">
      <form onSubmit={send} noValidate>
        <h2>{query.name}</h2>
        {takesNothing ? (
          <p className="soft">It takes no input.</p>
        ) : (
          <SchemaField
            name=""
            schema={schema}
            value={input}
            onChange={setInput}
            required
            pointer=""
            faults={faults}
          />
        )}
        <div className="send-buttons">
          <Button type="submit" look="main" icon="query" disabled={asking.isPending}>
            {asking.isPending ? 'Asking…' : 'Ask'}
          </Button>
        </div>
      </form>
      <aside className="sent" aria-live="polite">
        {asking.data && <Answered answer={asking.data} />}
        {asking.error && <Refused error={asking.error} otherwise="not answered" />}
        <SameByCurl text={curlOfQuery(window.location.origin, query.name, input)} />
      </aside>
    </div>
  )
}

async function ask(name: string, input: unknown): Promise<Answer> {
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  try {
    return { value: await client.query(name, input), seconds: seconds() }
  } catch (error) {
    const isNothing = error instanceof HeadwaterProblem && error.code === 'query.not-found'
    if (!isNothing) throw error
    return { value: undefined, seconds: seconds() }
  }
}

function Answered({ answer: { value, seconds } }: { answer: Answer }) {
  return (
    <section className="answer" aria-label="The answer">
      <header>
        <Badge tone={value === undefined ? 'calm' : 'good'}>
          {value === undefined ? 'no answer' : 'answered'}
        </Badge>
        <span className="faint number">in {duration(seconds)}</span>
      </header>
      {value === undefined ? (
        <p className="soft">There is nothing of the kind that was asked for.</p>
      ) : (
        <JsonTree value={value} />
      )}
    </section>
  )
}
