import type { MergeChoices, MergeOutcome, MergePlan } from '@headwater/client'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../../../data/client.ts'
import { count } from '../../../format/number.ts'
import { Confirm } from '../../../ui/confirm.tsx'

interface MergeConfirmProps {
  readonly name: string
  readonly plan: MergePlan
  readonly choices: MergeChoices
  readonly onMerged: (outcome: MergeOutcome) => void
  readonly onClose: () => void
}

/** Asks why, and merges what was planned. */
export function MergeConfirm({ name, plan, choices, onMerged, onClose }: MergeConfirmProps) {
  const queries = useQueryClient()
  const { into, steps, decide, left } = plan
  const merge = async (why: string) => {
    try {
      onMerged(await client.branches.merge(name, { ...choices, why }))
    } finally {
      // Also where it failed: somebody may have moved what it is merged into.
      await queries.invalidateQueries()
    }
  }
  const parts = [
    `${count(steps.length, 'step')} of ${name} ${steps.length === 1 ? 'is' : 'are'} recorded`,
    ...(decide.length > 0 ? [`${count(decide.length, 'command')} decided again`] : []),
    ...(left.length > 0 ? [`${count(left.length, 'step')} left out for good`] : []),
  ]
  return (
    <Confirm
      title={`Merge ${name} into ${into}`}
      action="Merge it"
      reason="required"
      act={merge}
      onClose={onClose}
    >
      <p>{parts.join(', ')}: all of it, or nothing.</p>
      <p>
        States and views of {into} follow, and who reacts to these events does so now. It is recorded with the
        reason, and with who you are to the server.
      </p>
    </Confirm>
  )
}
