import type { Change } from '@headwater/client'
import { entriesOf, isContainer } from '../../../format/json.ts'
import { whole } from '../../../format/number.ts'
import { JsonValue } from '../../../ui/json-tree.tsx'
import type { Sides } from './card.tsx'

interface SideBySideProps {
  readonly sides: Sides
  /** From the other one's value to the branch's. */
  readonly changes: readonly Change[]
}

/** Field by field what a value is on the one side and on the other. */
export function SideBySide({ sides, changes }: SideBySideProps) {
  return (
    <table className="side-by-side">
      <thead>
        <tr>
          <th>Field</th>
          <th>{sides.against}</th>
          <th>{sides.branch}</th>
        </tr>
      </thead>
      <tbody>
        {changes.flatMap(leaves).map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row" className="mono">
              {path === '' ? <span className="faint">all of it</span> : path}
            </th>
            <td className={isThere(before) ? 'was' : ''}>
              <Value name={path} value={before} />
            </td>
            <td className={isThere(after) ? 'is' : ''}>
              <Value name={path} value={after} />
              <Step before={before} after={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What has more parts than this is told as JSON. */
const mostLeaves = 40

/** What only one side has, part by part. */
function leaves(change: Change): readonly Change[] {
  const { before, after, path } = change
  const value = isThere(before) ? before : after
  if ((isThere(before) && isThere(after)) || !isContainer(value)) return [change]
  const parts = entriesOf(value).flatMap(([name, part]) => {
    const inner = path === '' ? name : `${path}.${name}`
    return leaves(
      isThere(before) ? { path: inner, before: part, after } : { path: inner, before, after: part },
    )
  })
  return parts.length === 0 || parts.length > mostLeaves ? [change] : parts
}

/** The fields of a value that only one side has. */
export function fieldsOf(value: unknown, side: 'before' | 'after'): readonly Change[] {
  const change = (path: string, part: unknown): Change => ({
    path,
    before: side === 'before' ? part : null,
    after: side === 'after' ? part : null,
  })
  if (!isContainer(value)) return [change('', value)]
  return entriesOf(value)
    .filter(([, part]) => isThere(part))
    .map(([name, part]) => change(name, part))
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined
}

function Value({ name, value }: { name: string; value: unknown }) {
  if (!isThere(value)) return <span className="faint">–</span>
  if (isContainer(value)) return <code className="side-json">{JSON.stringify(value)}</code>
  return <JsonValue name={name.split('.').at(-1) ?? name} value={value} />
}

/** By how much a number is another one. */
function Step({ before, after }: { before: unknown; after: unknown }) {
  if (typeof before !== 'number' || typeof after !== 'number') return null
  const step = after - before
  return <span className="faint number side-step">{`${step < 0 ? '−' : '+'}${whole(Math.abs(step))}`}</span>
}
