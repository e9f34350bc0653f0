import type { Document } from '@headwater/client'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { paths } from '../../data/paths.ts'
import { isContainer, isObject } from '../../format/json.ts'
import { whole } from '../../format/number.ts'
import { fullTime, isTime } from '../../format/time.ts'
import { Icon } from '../../ui/icon.tsx'
import { JsonValue } from '../../ui/json-tree.tsx'
import type { Column } from './columns.ts'
import '../../ui/table.css'

interface DocumentTableProps {
  readonly view: string
  readonly documents: readonly Document[]
  readonly columns: readonly Column[]
  /** The field, with a minus if descending. */
  readonly sort: string
  readonly onSort: (field: string) => void
}

export function DocumentTable({ view, documents, columns, sort, onSort }: DocumentTableProps) {
  const [, navigate] = useLocation()
  const keyShown = columns.some(({ isKey }) => isKey)
  // What moved since the documents before these lights up.
  const [drawn, setDrawn] = useState({ documents, before: new Map<string, number>() })
  if (drawn.documents !== documents) {
    setDrawn({ documents, before: new Map(drawn.documents.map(({ key, position }) => [key, position])) })
  }
  const { before } = drawn

  return (
    <div className="table-scroll scroll">
      <table className="table">
        <thead>
          <tr>
            {!keyShown && <th>Key</th>}
            {columns.map(({ field, numeric }) => (
              <th key={field} className={numeric ? 'right' : ''} aria-sort={sortOf(field, sort)}>
                <button
                  type="button"
                  className="sort"
                  aria-pressed={sort === field || sort === `-${field}`}
                  onClick={() => onSort(field)}
                >
                  {field}
                  <Icon name={sort === `-${field}` ? 'down' : 'up'} size={11} />
                </button>
              </th>
            ))}
            <th className="right">Position</th>
          </tr>
        </thead>
        <tbody>
          {documents.map(({ key, doc, position }) => (
            // The key changes with the position, so that the light comes anew with each change.
            <tr
              key={`${key} ${position}`}
              className={before.has(key) && before.get(key) !== position ? 'fresh' : ''}
              onDoubleClick={() => navigate(paths.document(view, key))}
            >
              {!keyShown && (
                <td>
                  <KeyLink view={view} documentKey={key} />
                </td>
              )}
              {columns.map(({ field, numeric, isKey }) => (
                <td key={field} className={numeric ? 'right number' : ''}>
                  {isKey ? (
                    <KeyLink view={view} documentKey={key} />
                  ) : (
                    <Cell field={field} value={isObject(doc) ? doc[field] : undefined} />
                  )}
                </td>
              ))}
              <td className="right number faint">{whole(position)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function KeyLink({ view, documentKey }: { view: string; documentKey: string }) {
  return (
    <Link href={paths.document(view, documentKey)} className="reference">
      {documentKey}
    </Link>
  )
}

function Cell({ field, value }: { field: string; value: unknown }) {
  if (value === undefined || value === null) {
    return (
      <span className="faint" title={value === null ? 'null' : 'missing'}>
        –
      </span>
    )
  }
  if (typeof value === 'number') return whole(value)
  if (typeof value === 'string' && isTime(value)) return <time title={value}>{fullTime(value)}</time>
  if (!isContainer(value)) return <JsonValue name={field} value={value} />
  const text = JSON.stringify(value)
  return (
    <span className="mono faint" title={text}>
      {text}
    </span>
  )
}

function sortOf(field: string, sort: string): 'ascending' | 'descending' | 'none' {
  if (sort === field) return 'ascending'
  return sort === `-${field}` ? 'descending' : 'none'
}
