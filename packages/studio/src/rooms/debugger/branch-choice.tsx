import { useQuery } from '@tanstack/react-query'
import { chooseBranch, chosenBranch } from '../../data/branch.ts'
import { branchesQuery } from '../../data/queries.ts'

const main = 'main'

/** Which history is gone through; all that a step links to is of that one, so Studio looks at it as a whole. */
export function BranchChoice() {
  const chosen = chosenBranch() ?? main
  const { data: branches = [] } = useQuery(branchesQuery)
  const names = [main, ...branches.map(({ name }) => name)]
  return (
    <label className="debugger-branch">
      <span className="soft">Of</span>
      <select
        aria-label="The branch that is gone through"
        value={chosen}
        onChange={({ target }) => chooseBranch(target.value === main ? undefined : target.value)}
      >
        {(names.includes(chosen) ? names : [chosen, ...names]).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
