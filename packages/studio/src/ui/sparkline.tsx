import { useId } from 'react'
import './sparkline.css'

interface SparklineProps {
  readonly values: readonly number[]
  readonly width?: number
  readonly height?: number
  /** What is drawn, for those who do not see it. */
  readonly label: string
}

/** A flow over time, drawn as the surface of water; its top is the highest of the values, at least 1. */
export function Sparkline({ values, width = 160, height = 34, label }: SparklineProps) {
  const fill = useId()
  const top = Math.max(1, ...values)
  const step = width / Math.max(1, values.length - 1)
  const points = values.map(
    (value, index) => [index * step, height - 2 - (value / top) * (height - 6)] as const,
  )
  const line = curve(points)
  return (
    <svg
      className="sparkline"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <defs>
        <linearGradient id={fill} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="currentColor" stopOpacity="0.34" />
          <stop offset="1" stopColor="currentColor" stopOpacity="0.04" />
        </linearGradient>
      </defs>
      <path d={`${line}L${width} ${height}L0 ${height}Z`} fill={`url(#${fill})`} />
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  )
}

/** A smooth path that never overshoots: it is level at every point where the flow turns. */
function curve(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1]
      if (!before) return `M${x.toFixed(1)} ${y.toFixed(1)}`
      const middle = ((before[0] + x) / 2).toFixed(1)
      return `C${middle} ${before[1].toFixed(1)} ${middle} ${y.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
