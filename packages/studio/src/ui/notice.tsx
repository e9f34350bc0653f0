import { HeadwaterProblem } from '@headwater/client'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import './notice.css'

/** What stands where there is nothing yet: why, and what would change that. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice">
      <svg
        viewBox="0 0 80 40"
        width="80"
        height="40"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        aria-hidden="true"
      >
        <path d="M4 12c9-7 15 7 24 0s15 7 24 0 15 7 24 0" opacity="0.9" />
        <path d="M12 23c8-6 12 6 20 0s12 6 20 0 10 5 16 0" opacity="0.55" />
        <path d="M24 33c6-4 9 4 15 0s9 4 15 0" opacity="0.3" />
      </svg>
      <h3>{title}</h3>
      {children && <p className="soft">{children}</p>}
    </div>
  )
}

/** What went wrong, in the server's words and with the code to look up. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const message = error instanceof Error ? error.message : String(error)
  const unreachable = error instanceof TypeError
  return (
    <div className="notice failure" role="alert">
      <h3>{unreachable ? 'The gateway does not answer' : message}</h3>
      {error instanceof HeadwaterProblem && <code>{error.code}</code>}
      {unreachable && <p className="soft">Is it still running? Studio goes on by itself when it is back.</p>}
      {retry && (
        <Button onClick={retry} look="plain">
          Try again
        </Button>
      )}
    </div>
  )
}

/** Bars in the place of rows that are on their way, so that nothing jumps when they come. */
export function Loading({ rows = 8 }: { rows?: number }) {
  return (
    <div className="loading" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} style={{ width: `${88 - ((row * 37) % 41)}%` }} />
      ))}
    </div>
  )
}
