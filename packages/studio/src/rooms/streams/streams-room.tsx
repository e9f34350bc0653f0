import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { Field } from '../../ui/field.tsx'
import { Empty } from '../../ui/notice.tsx'
import { StreamHistoryPane } from './stream-history.tsx'
import { StreamList } from './stream-list.tsx'
import './streams.css'

/** Streams by the start of their name, and one of them in full beside the list. */
export function StreamsRoom({ stream }: { stream?: string }) {
  const { catalog, hueOf } = useCatalog()
  const [search] = useSearchParams()
  const [prefix, setPrefix] = useState(search.get('prefix') ?? '')
  const aggregates = catalog?.contexts.flatMap((context) => context.aggregates) ?? []
  return (
    <div className={`streams-room ${stream ? 'with-stream' : ''}`}>
      <section className="stream-browser" aria-label="Streams">
        <header>
          <h1>Streams</h1>
          <Field
            icon="search"
            aria-label="Start of the stream's name"
            placeholder="Name starts with…"
            value={prefix}
            onChange={(event) => setPrefix(event.target.value)}
          />
          <div className="aggregate-chips">
            {aggregates.map(({ name }) => (
              <button
                key={name}
                type="button"
                className="chip tinted"
                style={{ '--hue': hueOf(name) }}
                aria-pressed={prefix === `${name}-`}
                onClick={() => setPrefix(prefix === `${name}-` ? '' : `${name}-`)}
              >
                {name}
              </button>
            ))}
          </div>
        </header>
        <StreamList prefix={prefix} current={stream} />
      </section>
      {stream ? (
        <StreamHistoryPane key={stream} stream={stream} />
      ) : (
        <Empty title="Choose a stream">
          A stream is the history of one thing. Here it is told event by event, with the state after each.
        </Empty>
      )}
    </div>
  )
}
