import type { CommandDifference, CommandSide } from '@headwater/client'
import { onBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { inline, isObject } from '../../../format/json.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Summary } from '../../../ui/summary.tsx'
import { Card, type Sides } from './card.tsx'

/** A command that came to something else, or that only one side was sent. */
export function CommandCard({ command, sides }: { command: CommandDifference; sides: Sides }) {
  const { id, type, payload, branch, against } = command
  const where = branch === undefined ? sides.against : sides.branch
  const [word, tone] =
    against === undefined
      ? (['added', 'good'] as const)
      : branch === undefined
        ? (['removed', 'bad'] as const)
        : (['changed', 'warn'] as const)
  return (
    <Card
      word={word}
      tone={tone}
      label={`${type} ${id}`}
      title={
        <a
          href={onBranch(where, paths.command(id))}
          className="reference"
          title={`Command ${id} on ${where}`}
        >
          {type}
        </a>
      }
      extra={<Summary data={payload} without={undefined} />}
    >
      <table className="side-by-side outcomes">
        <thead>
          <tr>
            <th>{sides.against}</th>
            <th>{sides.branch}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td className={against === undefined ? '' : 'was'}>
              <CameTo side={against} />
            </td>
            <td className={branch === undefined ? '' : 'is'}>
              <CameTo side={branch} />
            </td>
          </tr>
        </tbody>
      </table>
    </Card>
  )
}

function CameTo({ side }: { side: CommandSide | undefined }) {
  if (side === undefined) return <span className="faint">was not sent, or stands no more</span>
  if (side.status === 'rejected')
    return (
      <>
        <Badge tone="bad">rejected</Badge> <Because reason={side.reason} />
      </>
    )
  return (
    <>
      <Badge tone="good">accepted</Badge>
      <ul className="outcome-events">
        {side.events.map(({ type, stream, data }, index) => (
          <li key={`${index} ${type}`}>
            <b>{type}</b> <span className="faint mono">{stream}</span>{' '}
            <Summary data={data} without={undefined} />
          </li>
        ))}
        {side.events.length === 0 && <li className="faint">no event</li>}
      </ul>
    </>
  )
}

/** `insufficient-funds: The balance is 40`, with what the rejection says besides. */
export function Because({ reason }: { reason: unknown }) {
  if (!isObject(reason)) return <span>{reason === undefined || reason === null ? '' : inline(reason)}</span>
  const { code, message, data } = reason
  return (
    <span>
      {typeof message === 'string' && `${message} `}
      {typeof code === 'string' && <code>{code}</code>}{' '}
      {isObject(data) && <Summary data={data} without={undefined} />}
    </span>
  )
}
