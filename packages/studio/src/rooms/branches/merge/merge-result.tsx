import type { MergeOutcome } from '@headwater/client'
import { Link } from 'wouter'
import { onBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { count, whole } from '../../../format/number.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Because } from '../difference/command-card.tsx'

interface MergeResultProps {
  readonly branch: string
  readonly into: string
  readonly outcome: MergeOutcome
}

/** What a merge did. */
export function MergeResult({ branch, into, outcome: { steps, left, decided, position } }: MergeResultProps) {
  return (
    <section className="section merge-result" role="status" aria-label="What the merge did">
      <p>
        <Badge tone="good">merged</Badge> <b className="mono">{into}</b> has {count(steps.length, 'step')} of{' '}
        <b className="mono">{branch}</b> now, up to position {whole(position)}
        {left.length > 0 && `; ${count(left.length, 'step')} left out`}.
      </p>
      {decided.length > 0 && (
        <ul>
          {decided.map(({ id, status, reason }) => (
            <li key={id}>
              <a href={onBranch(into, paths.command(id))} className="reference">
                {id}
              </a>{' '}
              decided again: <Badge tone={status === 'accepted' ? 'good' : 'bad'}>{status}</Badge>{' '}
              {reason !== undefined && <Because reason={reason} />}
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link href={paths.branchDifference(branch)} className="reference">
          What still differs
        </Link>
      </p>
    </section>
  )
}
