import type { ProcessorSummary } from '@headwater/client'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { whole } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { LagWord } from '../../ui/lag.tsx'
import { PauseButton } from './pause-button.tsx'
import { Status } from './status.tsx'
import '../../ui/table.css'

export function ProcessorTable({ processors }: { processors: readonly ProcessorSummary[] }) {
  return (
    <table className="table processors">
      <thead>
        <tr>
          <th>Processor</th>
          <th>Kind</th>
          <th>Status</th>
          <th className="right">Partitions</th>
          <th className="right">Position</th>
          <th className="right">Lag</th>
          <th className="right">Parked</th>
          <th>
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {processors.map((processor) => (
          <Row key={`${processor.kind} ${processor.name}`} processor={processor} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ processor }: { processor: ProcessorSummary }) {
  const { name, kind, position, lag, parked, partitions } = processor
  return (
    <tr>
      <td>
        <Link href={paths.processor(name)} className="reference">
          {name}
        </Link>
      </td>
      <td className="soft">{kind}</td>
      <td className="status">
        <Status processor={processor} />
      </td>
      <td className="right number">{partitions.length}</td>
      <td className="right number">{whole(position)}</td>
      <td className="right">
        <LagWord lag={lag} />
      </td>
      <td className="right number">
        {parked > 0 ? (
          <Link
            href={paths.processor(name)}
            title="Events that could not be processed, and those behind them"
          >
            <Badge tone="bad">{whole(parked)}</Badge>
          </Link>
        ) : (
          <span className="faint">0</span>
        )}
      </td>
      <td className="actions">
        <div>
          <PauseButton processor={processor} />
        </div>
      </td>
    </tr>
  )
}
