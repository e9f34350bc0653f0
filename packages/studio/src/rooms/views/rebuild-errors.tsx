import type { RebuildProgress } from '@headwater/client'
import { whole } from '../../format/number.ts'
import { Ago } from '../../ui/time.tsx'
import '../../ui/table.css'

/** Events that a rebuild could not fold; those behind them wait. */
export function RebuildErrors({ rebuild: { errors } }: { rebuild: RebuildProgress }) {
  if (errors.length === 0) return null
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Key</th>
          <th className="right">Position</th>
          <th className="right">Tries</th>
          <th>Error</th>
          <th>Parked</th>
        </tr>
      </thead>
      <tbody>
        {errors.map(({ tenant, sequence, position, attempts, error, parkedAt }) => (
          <tr key={`${tenant} ${sequence} ${position}`}>
            <td className="mono">
              {sequence}
              {tenant !== '' && <span className="faint"> of {tenant}</span>}
            </td>
            <td className="right number">{whole(position)}</td>
            <td className="right number">{attempts}</td>
            <td className="wrap fault">{error ?? <span className="faint">waits</span>}</td>
            <td>
              <Ago at={parkedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
