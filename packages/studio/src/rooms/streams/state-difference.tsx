import { useState } from 'react'
import { entriesOf, isContainer } from '../../format/json.ts'
import { count } from '../../format/number.ts'
import { JsonValue } from '../../ui/json-tree.tsx'
import { type Difference, differenceOf } from './changes.ts'
import './state-difference.css'

/** The state after an event, with what is new, what changed from what, and what is gone marked in it. */
export function StateDifference({ before, after }: { before: unknown; after: unknown }) {
  const difference = differenceOf(before, after)
  return (
    <div className="difference">
      {difference.parts ? (
        <Parts parts={difference.parts} depth={0} />
      ) : (
        <Changed difference={{ ...difference, name: 'state' }} depth={0} />
      )}
    </div>
  )
}

interface LineProps {
  readonly difference: Difference
  readonly depth: number
}

/** Many unchanged parts in a row are told by their number until one wants to see them. */
function Parts({ parts, depth }: { parts: readonly Difference[]; depth: number }) {
  const [unfolded, setUnfolded] = useState(false)
  const same = parts.filter(({ kind }) => kind === 'same').length
  const fold = same > 8 && same < parts.length && !unfolded
  return (
    <>
      {parts
        .filter(({ kind }) => !fold || kind !== 'same')
        .map((part) => (
          <Part key={`${part.name} ${part.kind}`} difference={part} depth={depth} />
        ))}
      {fold && (
        <button
          type="button"
          className="difference-fold"
          style={{ '--depth': depth }}
          onClick={() => setUnfolded(true)}
        >
          {same} unchanged
        </button>
      )}
    </>
  )
}

function Part({ difference, depth }: LineProps) {
  const { kind, name, parts } = difference
  if (kind === 'same') return <Unchanged difference={difference} depth={depth} />
  if (kind !== 'changed') return <Whole difference={difference} depth={depth} />
  if (!parts) return <Changed difference={difference} depth={depth} />
  return (
    <>
      <div className="difference-line" style={{ '--depth': depth }}>
        <span className="json-name">{name}</span>
      </div>
      <Parts parts={parts} depth={depth + 1} />
    </>
  )
}

/** What stayed as it was: a container is opened on demand. */
function Unchanged({ difference: { name, after }, depth }: LineProps) {
  const [open, setOpen] = useState(false)
  if (!isContainer(after) || entriesOf(after).length === 0) {
    return <Whole difference={{ name, kind: 'same', before: after, after }} depth={depth} />
  }
  if (open) return <Whole difference={{ name, kind: 'same', before: after, after }} depth={depth} />
  const size = entriesOf(after).length
  return (
    <button
      type="button"
      className="difference-line same"
      style={{ '--depth': depth }}
      aria-expanded={false}
      onClick={() => setOpen(true)}
    >
      <span className="json-name">{name}</span>
      <span className="faint">{count(size, Array.isArray(after) ? 'item' : 'field')}, unchanged</span>
    </button>
  )
}

function Changed({ difference: { name, before, after }, depth }: LineProps) {
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

const marks = { same: '', added: '+', removed: '−', changed: '~' } as const

/** A value with all that is in it, of one kind throughout. */
function Whole({ difference: { name, kind, before, after }, depth }: LineProps) {
  const value = kind === 'removed' ? before : after
  const inner = isContainer(value) ? entriesOf(value) : []
  return (
    <>
      <div className={`difference-line ${kind}`} style={{ '--depth': depth }}>
        <span className="difference-mark">{marks[kind]}</span>
        <span className="json-name">{name}</span>
        {!isContainer(value) && <JsonValue name={name} value={value} />}
        {isContainer(value) && inner.length === 0 && (
          <span className="faint">{Array.isArray(value) ? '[]' : '{}'}</span>
        )}
      </div>
      {inner.map(([innerName, part]) => (
        <Whole
          key={innerName}
          depth={depth + 1}
          difference={{ name: innerName, kind, before: part, after: part }}
        />
      ))}
    </>
  )
}
