import { useState } from 'react'
import { entriesOf, isContainer } from '../../format/json.ts'
import { JsonValue } from '../../ui/json-tree.tsx'
import { type Difference, differenceOf } from './changes.ts'
import './state-difference.css'

/** The state after an event, with what is new, what changed from what, and what is gone marked in it. */
export function StateDifference({ before, after }: { before: unknown; after: unknown }) {
  const difference = differenceOf(before, after)
  if (!difference.parts) return <Line difference={difference} depth={0} />
  return (
    <div className="difference">
      <Parts parts={difference.parts} depth={0} />
    </div>
  )
}

/** Unchanged parts in a row are told by their number until one wants to see them. */
function Parts({ parts, depth }: { parts: readonly Difference[]; depth: number }) {
  const [unfolded, setUnfolded] = useState(false)
  const same = parts.filter(({ kind }) => kind === 'same')
  const fold = same.length > 6 && same.length < parts.length && !unfolded
  return (
    <>
      {parts.map(
        (part) =>
          !(fold && part.kind === 'same') && (
            <Line key={`${part.name} ${part.kind}`} difference={part} depth={depth} />
          ),
      )}
      {fold && (
        <button
          type="button"
          className="difference-fold"
          style={{ '--depth': depth }}
          onClick={() => setUnfolded(true)}
        >
          {same.length} unchanged
        </button>
      )}
    </>
  )
}

const marks = { same: '', added: '+', removed: '−', changed: '' } as const

function Line({ difference, depth }: { difference: Difference; depth: number }) {
  const { name, kind, before, after, parts } = difference
  const shown = kind === 'removed' ? before : after
  if (parts && kind === 'changed') {
    return (
      <>
        <div className="difference-line" style={{ '--depth': depth }}>
          <span className="difference-mark" />
          <span className="json-name">{name}</span>
        </div>
        <Parts parts={parts} depth={depth + 1} />
      </>
    )
  }
  if (kind === 'changed') {
    return (
      <div className="difference-line changed" style={{ '--depth': depth }}>
        <span className="difference-mark" aria-hidden="true">
          ~
        </span>
        <span className="json-name">{name}</span>
        <del>{isContainer(before) ? JSON.stringify(before) : <JsonValue name={name} value={before} />}</del>
        <span className="faint" aria-hidden="true">
          →
        </span>
        <ins>{isContainer(after) ? JSON.stringify(after) : <JsonValue name={name} value={after} />}</ins>
      </div>
    )
  }
  const inner = isContainer(shown) ? entriesOf(shown) : []
  return (
    <>
      <div className={`difference-line ${kind}`} style={{ '--depth': depth }}>
        <span className="difference-mark">{marks[kind]}</span>
        <span className="json-name">{name}</span>
        {!isContainer(shown) && <JsonValue name={name} value={shown} />}
        {isContainer(shown) && inner.length === 0 && (
          <span className="faint">{Array.isArray(shown) ? '[]' : '{}'}</span>
        )}
      </div>
      {inner.map(([innerName, value]) => (
        <Line
          key={innerName}
          depth={depth + 1}
          difference={{ name: innerName, kind, before: value, after: value }}
        />
      ))}
    </>
  )
}
