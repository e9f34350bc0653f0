import type { Branch } from '@headwater/client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { chosenBranch } from '../../data/branch.ts'
import { client } from '../../data/client.ts'
import { paths } from '../../data/paths.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { Labelled } from '../../ui/labelled.tsx'

type Where = 'end' | 'position' | 'time'
const places: readonly (readonly [Where, string])[] = [
  ['end', 'At its end'],
  ['position', 'At a position'],
  ['time', 'At a time'],
]

interface BeginBranchProps {
  readonly branches: readonly Branch[]
  readonly onClose: () => void
}

/** Asks for a name and a place, and begins a branch there. */
export function BeginBranch({ branches, onClose }: BeginBranchProps) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [from, setFrom] = useState(chosenBranch() ?? 'main')
  const [where, setWhere] = useState<Where>('end')
  const [position, setPosition] = useState('')
  const [time, setTime] = useState('')
  const at = where === 'position' ? Number(position) : where === 'time' ? new Date(time) : undefined
  const begin = async () => {
    const branch = await client.branches.create(name.trim(), { from, at })
    await queries.invalidateQueries({ queryKey: ['branches'] })
    navigate(paths.branch(branch.name))
  }
  return (
    <Confirm title="Begin a branch" action="Begin it" act={begin} onClose={onClose}>
      <p>
        It has all that was recorded up to there, and goes on by itself. It costs nothing, however long the
        log is.
      </p>
      <Labelled label="Name">
        {(id) => (
          <Field
            id={id}
            required
            maxLength={63}
            placeholder="what-if"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Labelled>
      <Labelled label="From">
        {(id) => (
          <select id={id} value={from} onChange={({ target }) => setFrom(target.value)}>
            {['main', ...branches.map((branch) => branch.name)].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </Labelled>
      <div className="tabs branch-where" role="radiogroup" aria-label="Where it begins">
        {places.map(([place, label]) => (
          <button
            key={place}
            type="button"
            role="radio"
            aria-checked={where === place}
            onClick={() => setWhere(place)}
          >
            {label}
          </button>
        ))}
      </div>
      {where === 'position' && (
        <Labelled label="Position">
          {(id) => (
            <Field
              id={id}
              required
              type="number"
              min={0}
              step={1}
              value={position}
              onChange={({ target }) => setPosition(target.value)}
            />
          )}
        </Labelled>
      )}
      {where === 'time' && (
        <Labelled label="Time, in your time zone">
          {(id) => (
            <Field
              id={id}
              required
              type="datetime-local"
              step={1}
              value={time}
              onChange={({ target }) => setTime(target.value)}
            />
          )}
        </Labelled>
      )}
    </Confirm>
  )
}
