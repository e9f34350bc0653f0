import type { Forecast } from '@headwater/client'
import { everyNth, periodName, shortNumber, ticksBetween } from './scales.ts'

const width = 1_040
const height = 360
const margin = { left: 64, right: 20, top: 16, bottom: 48 }
/** More of the past than this is left out: the end of it is what one looks at. */
const mostPast = 200

/** What was, what is expected, and the interval around it. */
export function ForecastChart({ forecast }: { forecast: Forecast }) {
  const { future, every, timeZone, field, measure, level } = forecast
  const past = forecast.past.slice(-mostPast)
  const all = [...past, ...future]
  const values = [
    ...past.map(({ value }) => value),
    ...future.flatMap(({ low, high, value }) => [low, high, value]),
  ]
  const ticks = ticksBetween(Math.min(...values), Math.max(...values), 5)
  const [bottom = 0, top = 1] = [ticks[0], ticks.at(-1)]
  const right = width - margin.right
  const floor = height - margin.bottom
  const x = (index: number) =>
    margin.left + (all.length === 1 ? 0 : (index / (all.length - 1)) * (right - margin.left))
  const y = (value: number) => floor - ((value - bottom) / (top - bottom)) * (floor - margin.top)
  const line = (points: readonly (readonly [number, number])[]) =>
    points
      .map(([at, value], index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
      .join('')
  const last = past.length - 1
  const end = past[last]
  const start = end === undefined ? [] : [[last, end.value] as const]
  const ahead = future.map((one, index) => [past.length + index, one] as const)
  const shade = [
    ...start,
    ...ahead.map(([at, { high }]) => [at, high] as const),
    ...ahead.toReversed().map(([at, { low }]) => [at, low] as const),
  ]
  const final = future.at(-1)
  const name = `${field}, ${measure === 'change' ? `change in each ${every}` : `at the end of each ${every}`}`
  return (
    <svg
      className="forecast-chart"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${name}: ${past.length} periods of the past and ${future.length} ahead${
        final === undefined
          ? ''
          : `; at the end ${shortNumber(final.value)} is expected, between ${shortNumber(final.low)} and ${shortNumber(final.high)} with ${Math.round(level * 100)} %`
      }`}
    >
      {ticks.map((tick) => (
        <g key={tick} className="axis">
          <line x1={margin.left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={margin.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle">
            {shortNumber(tick)}
          </text>
        </g>
      ))}
      {everyNth(all.length, 8).map((index) => (
        <text
          key={index}
          className="tick"
          x={x(index)}
          y={floor + 18}
          textAnchor={index === 0 ? 'start' : 'middle'}
        >
          {periodName(all[index]?.from ?? '', every, timeZone)}
        </text>
      ))}
      <text className="axis-name" x={margin.left} y={height - 8}>
        {`${every}, ${timeZone}`}
      </text>
      <path className="interval" d={`${line(shade)}Z`} />
      {ahead.length > 0 && (
        <line
          className="now"
          x1={x(Math.max(0, last))}
          x2={x(Math.max(0, last))}
          y1={margin.top}
          y2={floor}
        />
      )}
      <path className="was" d={line(past.map(({ value }, index) => [index, value]))} />
      <path
        className="expected"
        d={line([...start, ...ahead.map(([at, { value }]) => [at, value] as const)])}
      />
      {all.map((one, index) => (
        <circle
          key={one.from}
          className={index > last ? 'point ahead' : 'point'}
          cx={x(index)}
          cy={y(one.value)}
          r={all.length > 120 ? 1.2 : 2.6}
        >
          <title>{`${periodName(one.from, every, timeZone)}: ${shortNumber(one.value)}`}</title>
        </circle>
      ))}
    </svg>
  )
}
