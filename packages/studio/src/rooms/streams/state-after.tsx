import { useState } from 'react'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { TypeName } from '../../ui/links.tsx'
import { EnvelopeTable } from '../event/envelope-table.tsx'
import { changesOf } from './changes.ts'
import { StateDifference } from './state-difference.tsx'
import type { Step } from './steps.ts'

type Tab = 'changes' | 'state' | 'event'
const tabs: readonly (readonly [Tab, string])[] = [
  ['changes', 'What changed'],
  ['state', 'State after'],
  ['event', 'Event'],
]

/** The chosen event: what it changed, the whole state after it, and the event itself. */
export function StateAfter({ step }: { step: Step }) {
  const [tab, setTab] = useState<Tab>('changes')
  const { event } = step
  const changes = changesOf(step.before, step.after).length
  return (
    <section className="state-after" aria-label={`After revision ${event.revision}`}>
      <header>
        <span className="state-revision number">{event.revision}</span>
        <Link href={paths.event(event.id)} className="state-type">
          <TypeName type={event.type} stream={event.stream} />
        </Link>
        <div className="tabs" role="tablist">
          {tabs.map(([name, label]) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={tab === name}
              onClick={() => setTab(name)}
            >
              {label}
              {name === 'changes' && <span className="tab-count number">{changes}</span>}
            </button>
          ))}
        </div>
      </header>
      <div className="state-body scroll" role="tabpanel">
        {tab === 'event' ? (
          <>
            <JsonTree value={event.data} />
            <hr />
            <EnvelopeTable event={event} />
          </>
        ) : tab === 'state' ? (
          <JsonTree value={step.after} />
        ) : (
          <StateDifference before={step.before} after={step.after} />
        )}
        {tab === 'changes' && changes === 0 && (
          <p className="soft">{event.type} changed nothing in the state.</p>
        )}
      </div>
    </section>
  )
}
