import { useState } from 'react'
import { Link } from 'wouter'
import { useCatalog } from '../data/catalog-context.tsx'
import { paths } from '../data/paths.ts'
import { entriesOf, isContainer } from '../format/json.ts'
import { Icon } from './icon.tsx'
import './json-tree.css'

/** What has no more parts than this is shown open. */
const wholeAtOnce = 80

/** Any JSON, to be opened and closed, with links where a value names a stream. */
export function JsonTree({ value }: { value: unknown }) {
  if (!isContainer(value)) return <JsonValue name="" value={value} />
  const depth = sizeOf(value) <= wholeAtOnce ? Number.POSITIVE_INFINITY : 1
  return (
    <div className="json">
      {entriesOf(value).map(([name, inner]) => (
        <JsonEntry key={name} name={name} value={inner} depth={0} openTo={depth} />
      ))}
      {entriesOf(value).length === 0 && <span className="faint">{Array.isArray(value) ? '[]' : '{}'}</span>}
    </div>
  )
}

interface JsonEntryProps {
  readonly name: string
  readonly value: unknown
  readonly depth: number
  /** How deep the tree is open at first. */
  readonly openTo: number
}

function JsonEntry({ name, value, depth, openTo }: JsonEntryProps) {
  const size = isContainer(value) ? entriesOf(value).length : 0
  const [open, setOpen] = useState(depth < openTo && size <= wholeAtOnce)
  if (!isContainer(value) || size === 0) {
    return (
      <div className="json-line" style={{ '--depth': depth }}>
        <span className="json-name">{name}</span>
        <JsonValue name={name} value={value} />
      </div>
    )
  }
  return (
    <div>
      <button
        type="button"
        className="json-line json-fold"
        style={{ '--depth': depth }}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'down' : 'chevron'} size={11} />
        <span className="json-name">{name}</span>
        <span className="json-size">{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </button>
      {open &&
        entriesOf(value).map(([inner, innerValue]) => (
          <JsonEntry key={inner} name={inner} value={innerValue} depth={depth + 1} openTo={openTo} />
        ))}
    </div>
  )
}

function sizeOf(value: unknown): number {
  if (!isContainer(value)) return 1
  return entriesOf(value).reduce((sum, [, part]) => sum + sizeOf(part), 1)
}

/** One simple value in the colour of its kind. */
export function JsonValue({ name, value }: { name: string; value: unknown }) {
  const { streamOf, isStream } = useCatalog()
  if (typeof value === 'string') {
    const stream = streamOf(name, value) ?? (isStream(value) ? value : undefined)
    if (!stream) return <span className="json-value text">{value === '' ? '""' : value}</span>
    return (
      <Link href={paths.stream(stream)} className="reference json-value" title={`Stream ${stream}`}>
        {value}
      </Link>
    )
  }
  const kind = value === null ? 'null' : typeof value
  return <span className={`json-value ${kind}`}>{JSON.stringify(value)}</span>
}
