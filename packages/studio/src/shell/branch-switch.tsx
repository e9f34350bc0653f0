import { useQuery } from '@tanstack/react-query'
import { chooseBranch, chosenBranch } from '../data/branch.ts'
import { branchesQuery } from '../data/queries.ts'
import './branch-switch.css'

const main = 'main'

/** On which branch Studio looks and sends; not there where there are none. */
export function BranchSwitch() {
  const chosen = chosenBranch()
  const { data: branches = [] } = useQuery(branchesQuery)
  if (branches.length === 0 && chosen === undefined) return null
  const names = branches.map(({ name }) => name)
  // One that was dropped stays shown until another one is chosen: what is read of it says that it is gone.
  const shown = chosen === undefined || names.includes(chosen) ? names : [chosen, ...names]
  return (
    <label className={chosen === undefined ? 'branch-switch' : 'branch-switch elsewhere'}>
      <span>Branch</span>
      <select
        value={chosen ?? main}
        title={chosen === undefined ? 'What is recorded' : 'What would be: nothing here changes main'}
        onChange={({ target }) => chooseBranch(target.value === main ? undefined : target.value)}
      >
        {[main, ...shown].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
