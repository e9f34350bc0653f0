import { chooseBranch, chosenBranch } from '../../data/branch.ts'
import { Button } from '../../ui/button.tsx'

/** Has all rooms look at a branch, or at main again. */
export function LookAt({ branch }: { branch: string }) {
  return chosenBranch() === branch ? (
    <Button onClick={() => chooseBranch(undefined)} title="All rooms show main again">
      Back to main
    </Button>
  ) : (
    <Button
      onClick={() => chooseBranch(branch)}
      aria-label={`Look at ${branch}`}
      title="All rooms show what is so on this branch, and send commands to it"
    >
      Look at it
    </Button>
  )
}
