import type { Forecast } from '@headwater/client'
import { useState } from 'react'
import { Section } from '../../../ui/page.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { percent, shortValue } from './forecast-words.ts'
import { periodName } from './scales.ts'
import '../../../ui/table.css'

const pageSize = 20

/** What is expected of each period, for those who want the figures, or can't see the chart. */
export function ForecastTable({ forecast: { future, every, timeZone } }: { forecast: Forecast }) {
  const [page, setPage] = useState(0)
  return (
    <Section title="What is expected">
      <table className="table">
        <thead>
          <tr>
            <th>{every}</th>
            <th className="right">Low</th>
            <th className="right">Expected</th>
            <th className="right">High</th>
          </tr>
        </thead>
        <tbody>
          {future.slice(page * pageSize, (page + 1) * pageSize).map(({ from, low, value, high }) => (
            <tr key={from}>
              <td>{periodName(from, every, timeZone)}</td>
              <td className="right number">{shortValue(low)}</td>
              <td className="right number">{shortValue(value)}</td>
              <td className="right number">{shortValue(high)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {future.length > pageSize && (
        <Pager page={page} size={pageSize} total={future.length} thing="period" onPage={setPage} />
      )}
    </Section>
  )
}

/** All methods that were tried on the same moments of the past. */
export function TrialTable({ forecast: { tried, method, level } }: { forecast: Forecast }) {
  return (
    <Section title="What was tried">
      <table className="table">
        <thead>
          <tr>
            <th>Method</th>
            <th className="right">Off by</th>
            <th className="right" title={`Of what came, in its interval of ${percent(level)}`}>
              Held
            </th>
          </tr>
        </thead>
        <tbody>
          {tried.map((one) => (
            <tr key={one.method} aria-current={one.method === method}>
              <td>{one.method === method ? <b>{one.method}</b> : one.method}</td>
              <td className="right number">{shortValue(one.meanError)}</td>
              <td className="right number">{percent(one.coverage)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
