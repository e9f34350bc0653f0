import { useState } from 'react'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { paths } from '../../data/paths.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { TypeName } from '../../ui/links.tsx'
import { AmendButtons } from '../event/amend-buttons.tsx'
import { AmendedNote } from '../event/amended-note.tsx'
import { EnvelopeTable } from '../event/envelope-table.tsx'
import { changesOf } from './changes.ts'
import { MachineDrawing, placeOf } from './machine-drawing.tsx'
import { StateDifference } from './state-difference.tsx'
import type { Step } from './steps.ts'

type Tab = 'changes' | 'state' | 'machine' | 'event'
const tabs: readonly (readonly [Tab, string])[] = [
  ['changes', 'What changed'],
  ['state', 'State after'],
  ['machine', 'State machine'],
  ['event', 'Event'],
]

/** The chosen event: what it changed, the whole state after it, and the event itself. */
export function StateAfter({ step }: { step: Step }) {
  const [tab, setTab] = useState<Tab>('changes')
  const { catalog } = useCatalog()
  const { event } = step
  const aggregate = catalog?.contexts
    .flatMap((context) => context.aggregates)
    .find(({ name }) => name === aggregateOf(event.stream))
  const place = placeOf(aggregate, step.after)
  const changes = changesOf(step.before, step.after).length
  return (
    <section className="state-after" aria-label={`After revision ${event.revision}`}>
      <header>
        <span className="state-revision number">{event.revision}</span>
        <Link href={paths.event(event.id)} className="state-type">
          <TypeName type={event.type} stream={event.stream} />
        </Link>
        <AmendButtons event={event} amended={event.amended} />
        <div className="tabs" role="tablist">
          {tabs
            .filter(([name]) => name !== 'machine' || place !== undefined)
            .map(([name, label]) => (
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
        {event.amended && <AmendedNote amended={event.amended} />}
        {tab === 'event' ? (
          <>
            <JsonTree value={event.data} />
            <hr />
            <EnvelopeTable event={event} />
          </>
        ) : tab === 'state' ? (
          <JsonTree value={step.after} />
        ) : tab === 'machine' && aggregate?.chart && place !== undefined ? (
          <MachineDrawing name={aggregate.name} chart={aggregate.chart} state={place} />
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
