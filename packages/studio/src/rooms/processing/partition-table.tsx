import type { ProcessorSummary } from '@headwater/client'
import { whole } from '../../format/number.ts'
import '../../ui/table.css'

/** The parts of a processor's keys, each processed by one process at a time. */
export function PartitionTable({ processor: { partitions, head } }: { processor: ProcessorSummary }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Slots</th>
          <th className="right">Position</th>
          <th className="right">Behind</th>
          <th>Process</th>
        </tr>
      </thead>
      <tbody>
        {partitions.map(({ first, last, position, owner }) => (
          <tr key={first}>
            <td className="number">
              {whole(first)} to {whole(last)}
            </td>
            <td className="right number">{whole(position)}</td>
            <td className="right number">{whole(Math.max(0, head - position))}</td>
            <td className="mono" title={owner ?? undefined}>
              {owner ?? <span className="faint">none</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
