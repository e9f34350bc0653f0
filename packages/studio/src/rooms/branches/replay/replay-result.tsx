import type { ReplayReport } from '@headwater/client'
import { Link } from 'wouter'
import { paths } from '../../../data/paths.ts'
import { count, whole } from '../../../format/number.ts'
import { Badge } from '../../../ui/badge.tsx'
import { OutcomeTable } from './outcome-table.tsx'
import { HeldBackTable, UndecidedTable } from './stopped-tables.tsx'

/** What a replay did: what was decided anew, what came out differently, and what was stopped. */
export function ReplayResult({ report }: { report: ReplayReport }) {
  const { branch, decisions } = report
  return (
    <>
      <section className="section replay-report" role="status" aria-label="What the replay did">
        {decisions && <Totals decisions={decisions} />}
        <Shown report={report} />
        <p>
          <Link href={paths.branchDifference(branch)} className="reference">
            What differs now
          </Link>
        </p>
      </section>
      {decisions && (
        <>
          <OutcomeTable branch={branch} outcomes={decisions.outcomes} total={decisions.counts.outcomes} />
          <UndecidedTable
            branch={branch}
            undecided={decisions.undecided}
            total={decisions.counts.undecided}
          />
          <HeldBackTable branch={branch} heldBack={decisions.heldBack} total={decisions.counts.heldBack} />
        </>
      )}
    </>
  )
}

type Decisions = NonNullable<ReplayReport['decisions']>

function Totals({ decisions: { from, commands, events, counts } }: { decisions: Decisions }) {
  if (from === null)
    return (
      <p>
        <Badge tone="good">nothing to decide</Badge> Nothing is amended on the branch: every decision stands.
        Ignore, correct or insert an event there first.
      </p>
    )
  const made = (['omitted', 'replaced', 'inserted', 'restored'] as const)
    .filter((kind) => events[kind] > 0)
    .map((kind) => `${count(events[kind], 'event')} ${kind}`)
  return (
    <>
      <p className="replay-badges">
        <Badge>{count(commands.looked, 'command')} looked at</Badge>
        <Badge tone="accent">{whole(commands.decided)} decided anew</Badge>
        <Badge tone={commands.changed > 0 ? 'warn' : 'good'}>
          {whole(commands.changed)} came out differently
        </Badge>
        {counts.undecided > 0 && <Badge tone="bad">{whole(counts.undecided)} left undecided</Badge>}
        {counts.heldBack > 0 && <Badge tone="warn">{whole(counts.heldBack)} held back</Badge>}
      </p>
      <p>
        From position {whole(from)} on.{' '}
        {made.length === 0 ? 'Nothing was recorded by it.' : `Recorded on the branch: ${made.join(', ')}.`}
      </p>
    </>
  )
}

function Shown({ report: { position, views, notFollowed } }: { report: ReplayReport }) {
  return (
    <>
      <p>
        The branch ends at position {whole(position)};{' '}
        {views.length === 0 ? 'there are no views.' : `${views.join(', ')} show it.`}
      </p>
      {notFollowed.map(({ view, why }) => (
        <p key={view} className="soft">
          Not <span className="mono">{view}</span>: {why}
        </p>
      ))}
    </>
  )
}
