import type { ReplayedOutcome, ReplayReport } from '@headwater/client'
import { useState } from 'react'
import { onBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { whole } from '../../../format/number.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Section } from '../../../ui/page.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { Because } from '../difference/command-card.tsx'
import '../../../ui/table.css'

type Outcome = NonNullable<ReplayReport['decisions']>['outcomes'][number]

const pageSize = 50
const tones: Readonly<Record<ReplayedOutcome['status'], Tone>> = {
  accepted: 'good',
  rejected: 'bad',
  dropped: 'calm',
}

interface OutcomeTableProps {
  readonly branch: string
  readonly outcomes: readonly Outcome[]
  /** There may be more than are listed. */
  readonly total: number
}

/** Commands that came to something else, with what they came to before, and because of what. */
export function OutcomeTable({ branch, outcomes, total }: OutcomeTableProps) {
  const [page, setPage] = useState(0)
  if (outcomes.length === 0) return null
  return (
    <Section title="Came out differently" extra={<Listed shown={outcomes.length} total={total} />}>
      <table className="table replay-table">
        <thead>
          <tr>
            <th>Command</th>
            <th>Stream</th>
            <th>Before</th>
            <th>Now</th>
            <th>Because of</th>
          </tr>
        </thead>
        <tbody>
          {outcomes.slice(page * pageSize, (page + 1) * pageSize).map((outcome) => (
            <tr key={outcome.id}>
              <td>
                <a href={onBranch(branch, paths.command(outcome.id))} className="reference">
                  {outcome.type}
                </a>
              </td>
              <td className="mono">{outcome.stream ?? <span className="faint">–</span>}</td>
              <td className="wrap">
                <CameTo outcome={outcome.before} />
              </td>
              <td className="wrap">
                <CameTo outcome={outcome.after} />
              </td>
              <td>
                <Cause branch={branch} because={outcome.because} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {outcomes.length > pageSize && (
        <Pager page={page} size={pageSize} total={outcomes.length} thing="command" onPage={setPage} />
      )}
    </Section>
  )
}

/** How many there are where not all are listed. */
export function Listed({ shown, total }: { shown: number; total: number }) {
  return (
    <span className="faint number">
      {total > shown ? `the first ${whole(shown)} of ${whole(total)}` : whole(total)}
    </span>
  )
}

function CameTo({ outcome }: { outcome: ReplayedOutcome | null }) {
  if (outcome === null) return <span className="faint">not sent</span>
  return (
    <>
      <Badge tone={tones[outcome.status]}>{outcome.status}</Badge>{' '}
      {outcome.reason && <Because reason={outcome.reason} />}
    </>
  )
}

const kinds: Readonly<Record<Outcome['because']['kind'], string>> = {
  state: 'the state of',
  rule: 'the rule',
  event: 'the event',
  clean: 'nothing',
  asked: 'every command was to be decided',
}

function Cause({
  branch,
  because: { kind, stream, rule, event },
}: {
  branch: string
  because: Outcome['because']
}) {
  return (
    <>
      <span className="soft">{kinds[kind]}</span>{' '}
      {stream !== undefined && (
        <a href={onBranch(branch, paths.stream(stream))} className="reference">
          {stream}
        </a>
      )}
      {rule !== undefined && <span className="mono">{rule}</span>}
      {event !== undefined && (
        <a href={onBranch(branch, paths.event(event))} className="reference">
          {event}
        </a>
      )}
    </>
  )
}
