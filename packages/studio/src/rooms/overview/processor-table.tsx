import type { ProcessorSummary } from '@headwater/client'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { whole } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { LagWord } from '../../ui/lag.tsx'
import '../../ui/table.css'

const tones = { running: 'good', stopped: 'warn', failed: 'bad' } as const

export function ProcessorTable({ processors }: { processors: readonly ProcessorSummary[] }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Processor</th>
          <th>Kind</th>
          <th>Status</th>
          <th className="right">Position</th>
          <th className="right">Lag</th>
          <th className="right">Parked</th>
        </tr>
      </thead>
      <tbody>
        {processors.map(({ name, kind, status, position, lag, parked, error }) => (
          <tr key={`${kind} ${name}`}>
            <td className="mono">
              {kind === 'view' ? (
                <Link href={paths.view(name)} className="reference">
                  {name}
                </Link>
              ) : (
                name
              )}
            </td>
            <td className="soft">{kind}</td>
            <td title={error ?? undefined}>
              <Badge tone={tones[status]}>{status}</Badge>{' '}
              {error && <span className="processor-error">{error}</span>}
            </td>
            <td className="right number">{whole(position)}</td>
            <td className="right">
              <LagWord lag={lag} />
            </td>
            <td className="right number">
              {parked > 0 ? <Badge tone="bad">{whole(parked)}</Badge> : <span className="faint">0</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
