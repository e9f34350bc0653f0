import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { chosenBranch, onBranch } from '../../data/branch.ts'
import { client } from '../../data/client.ts'
import { paths } from '../../data/paths.ts'
import { branchesQuery } from '../../data/queries.ts'
import { Labelled } from '../../ui/labelled.tsx'

const main = 'main'

/** Where an event is amended: on main or on a branch, at first on the one that is looked at. */
export function useAmendWhere(eventId: string) {
  const here = chosenBranch() ?? main
  const [where, setWhere] = useState(here)
  const queries = useQueryClient()
  return {
    where,
    setWhere,
    client: client.on(where),
    /** Shows what came of it: reads anew what may be otherwise now, or goes to the branch where it is so. */
    show: async () => {
      if (where !== here) return window.location.assign(onBranch(where, paths.event(eventId)))
      const keys = ['history', 'change', 'documents', 'document', 'branches']
      await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })))
    },
  }
}

export type AmendWhere = ReturnType<typeof useAmendWhere>

/** The choice between main and the branches. */
export function WhereChoice({ at: { where, setWhere } }: { at: AmendWhere }) {
  const { data: branches = [] } = useQuery(branchesQuery)
  const names = [main, ...branches.map(({ name }) => name)]
  return (
    <Labelled label="On">
      {(id) => (
        <>
          <select id={id} value={where} onChange={({ target }) => setWhere(target.value)}>
            {(names.includes(where) ? names : [where, ...names]).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          {where === main && (
            <p className="faint amend-hint">
              Everybody sees it at once. To see first what comes of it, do it on{' '}
              <Link href={paths.branches} className="reference">
                a branch
              </Link>
              , and merge that.
            </p>
          )}
        </>
      )}
    </Labelled>
  )
}
