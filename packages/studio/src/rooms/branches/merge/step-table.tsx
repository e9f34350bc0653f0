import type { MergeStep } from '@headwater/client'
import { useState } from 'react'
import { count } from '../../../format/number.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/page.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { FactName, FactSays } from '../fact.tsx'
import '../../../ui/table.css'

const pageSize = 50

interface StepTableProps {
  readonly title: string
  readonly branch: string
  readonly steps: readonly MergeStep[]
  /** Leaves a step for another time. */
  readonly onKeep?: (id: string) => void
  /** Takes it all the same. */
  readonly onTake?: (id: string) => void
}

/** Steps of a merge that have one fate, each with the facts that it is made of; nothing where there are none. */
export function StepTable({ title, branch, steps, onKeep, onTake }: StepTableProps) {
  const [page, setPage] = useState(0)
  if (steps.length === 0) return null
  const shown = Math.min(page, Math.ceil(steps.length / pageSize) - 1)
  return (
    <Section title={title} extra={<span className="faint number">{count(steps.length, 'step')}</span>}>
      <table className="table merge-steps">
        <tbody>
          {steps.slice(shown * pageSize, (shown + 1) * pageSize).map((step) => (
            <tr key={step.id} aria-label={nameOf(step)}>
              <td>
                <Badge tone={step.kind === 'amend' ? 'warn' : 'good'}>{nameOf(step)}</Badge>
              </td>
              <td className="wrap">
                <ul>
                  {step.events.map((event) => (
                    <li key={event.id}>
                      <FactName branch={branch} event={event} />{' '}
                      <span className="mono faint">{event.stream}</span> <FactSays event={event} />
                    </li>
                  ))}
                </ul>
              </td>
              <td className="actions">
                <div>
                  {onKeep && (
                    <Button
                      look="quiet"
                      onClick={() => onKeep(step.id)}
                      aria-label={`Not this time: ${nameOf(step)}`}
                    >
                      Not this time
                    </Button>
                  )}
                  {onTake && (
                    <Button onClick={() => onTake(step.id)} aria-label={`Take it: ${nameOf(step)}`}>
                      Take it
                    </Button>
                  )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {steps.length > pageSize && (
        <Pager page={shown} size={pageSize} total={steps.length} thing="step" onPage={setPage} />
      )}
    </Section>
  )
}

function nameOf({ kind, command, events }: MergeStep): string {
  return kind === 'amend' ? count(events.length, 'amendment') : (command ?? 'append')
}
