import type { ReplayReport } from '@headwater/client'
import { onBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { Section } from '../../../ui/page.tsx'
import { Listed } from './outcome-table.tsx'
import '../../../ui/table.css'

type Decisions = NonNullable<ReplayReport['decisions']>

interface UndecidedTableProps {
  readonly branch: string
  readonly undecided: Decisions['undecided']
  readonly total: number
}

/** Commands that could not be decided again, and why. */
export function UndecidedTable({ branch, undecided, total }: UndecidedTableProps) {
  if (undecided.length === 0) return null
  return (
    <Section title="Left as they were" extra={<Listed shown={undecided.length} total={total} />}>
      <table className="table replay-table">
        <tbody>
          {undecided.map(({ id, type, code, message }) => (
            <tr key={id}>
              <td>
                <a href={onBranch(branch, paths.command(id))} className="reference">
                  {type}
                </a>
              </td>
              <td className="wrap">
                {message} <code>{code}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

interface HeldBackTableProps {
  readonly branch: string
  readonly heldBack: Decisions['heldBack']
  readonly total: number
}

/** Subscriptions that have effects, and what they were not told. */
export function HeldBackTable({ branch, heldBack, total }: HeldBackTableProps) {
  if (heldBack.length === 0) return null
  return (
    <Section
      title="Held back: these have effects, and were not told"
      extra={<Listed shown={heldBack.length} total={total} />}
    >
      <table className="table replay-table">
        <tbody>
          {heldBack.map(({ subscription, event, type }) => (
            <tr key={`${subscription} ${event}`}>
              <td className="mono">{subscription}</td>
              <td>
                <a href={onBranch(branch, paths.event(event))} className="reference">
                  {type}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
