import { useId } from 'react'

/** Three rills that become one river, from left to right as events flow in Studio. */
export function Logo({ size = 28 }: { size?: number }) {
  const water = useId()
  return (
    <svg className="logo" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <defs>
        <linearGradient id={water} x1="0" y1="0" x2="0" y2="1">
          <stop stopColor="#1ba5b5" />
          <stop offset="1" stopColor="#07586a" />
        </linearGradient>
      </defs>
      <rect width="24" height="24" rx="6.5" fill={`url(#${water})`} />
      <g fill="none" stroke="#fff" strokeLinecap="round">
        <path d="M3.8 6.2C8.5 6.2 8 12 12 12M3.8 17.8C8.5 17.8 8 12 12 12" strokeWidth="1.9" opacity="0.72" />
        <path d="M3.8 12H12c2.3 0 2.3-2.4 4.1-2.4S18 12 20.2 12" strokeWidth="2.3" />
      </g>
    </svg>
  )
}
