import type { Branch } from '@headwater/client'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { chosenBranch, onBranch } from '../../data/branch.ts'
import { client } from '../../data/client.ts'
import { paths } from '../../data/paths.ts'
import { count } from '../../format/number.ts'
import { Confirm } from '../../ui/confirm.tsx'

/** Asks before a branch is forgotten with all that is on it. */
export function DropBranch({ branch, onClose }: { branch: Branch; onClose: () => void }) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const { name, head, base } = branch
  const drop = async () => {
    await client.branches.drop(name)
    // Nothing could be read any more by who looks at it.
    if (chosenBranch() === name) return window.location.assign(onBranch('main', paths.branches))
    queries.removeQueries({ queryKey: ['branches', name] })
    await queries.invalidateQueries({ queryKey: ['branches'], exact: true })
    navigate(paths.branches)
  }
  return (
    <Confirm title={`Drop ${name}?`} action="Drop it" isDangerous act={drop} onClose={onClose}>
      <p>
        {head === base
          ? 'Nothing is on it.'
          : `${count(head - base, 'event')} of its own are forgotten. What was merged stays where it was merged into.`}
      </p>
    </Confirm>
  )
}
