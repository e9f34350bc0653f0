import type { DebugStep } from '@headwater/client'
import { Link } from 'wouter'
import { isObject } from '../../format/json.ts'
import { paths } from '../../data/paths.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { TypeName } from '../../ui/links.tsx'
import { Section } from '../../ui/page.tsx'
import { StateDifference } from '../streams/state-difference.tsx'

/** An event, and all that it changed. */
export function StepView({ step: { event, aggregate, documents, heldBack } }: { step: DebugStep }) {
  return (
    <div className="debugger-step">
      <Section title={`Event ${event.position}`} extra={<TypeName type={event.type} stream={event.stream} />}>
        <div className="section-body">
          <JsonTree value={event.data} />
        </div>
      </Section>
      {aggregate !== null && (
        <Section
          title={aggregate.aggregate}
          extra={
            <Link href={paths.stream(aggregate.stream, event.revision)} className="reference">
              {aggregate.stream}
            </Link>
          }
        >
          <Changes
            before={aggregate.before}
            after={aggregate.after}
            isChanged={aggregate.changed.length > 0}
          />
        </Section>
      )}
      {documents.map(({ view, key, before, after, changed }) => (
        <Section
          key={`${view}/${key}`}
          title={view}
          extra={
            <Link href={paths.document(view, key)} className="reference">
              {key}
            </Link>
          }
        >
          <Changes before={before} after={after} isChanged={changed.length > 0} />
        </Section>
      ))}
      {heldBack.length > 0 && (
        <Section title="Held back">
          <div className="section-body">
            <p className="soft">These reacted to it when it happened, and do not now.</p>
            <ul>
              {heldBack.map(({ subscription, when }) => (
                <li key={subscription}>
                  {subscription} <span className="faint">{when}</span>
                </li>
              ))}
            </ul>
          </div>
        </Section>
      )}
    </div>
  )
}

function Changes({ before, after, isChanged }: { before: unknown; after: unknown; isChanged: boolean }) {
  return (
    <div className="section-body">
      {isChanged ? (
        <StateDifference before={before ?? emptyAs(after)} after={after ?? emptyAs(before)} />
      ) : (
        <p className="soft">Unchanged.</p>
      )}
    </div>
  )
}

/** What is not there has none of the fields that the other one has. */
function emptyAs(other: unknown): unknown {
  return isObject(other) ? {} : null
}
