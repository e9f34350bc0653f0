import type { ReactNode } from 'react'
import './badge.css'

export type Tone = 'calm' | 'good' | 'bad' | 'warn' | 'accent'

/** A word about a state, coloured, but never by colour alone. */
export function Badge({ tone = 'calm', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>
}
