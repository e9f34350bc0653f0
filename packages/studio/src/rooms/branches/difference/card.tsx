import type { Side } from '@headwater/client'
import type { ReactNode } from 'react'
import { Badge, type Tone } from '../../../ui/badge.tsx'

/** The names of the two histories. */
export type Sides = Readonly<Record<Side, string>>

interface CardProps {
  /** What it is in a word: added, removed, changed… */
  readonly word: string
  readonly tone: Tone
  readonly title: ReactNode
  readonly extra?: ReactNode
  readonly label: string
  readonly children?: ReactNode
}

/** One thing that differs. */
export function Card({ word, tone, title, extra, label, children }: CardProps) {
  return (
    <section className="section difference-card" aria-label={label}>
      <header>
        <Badge tone={tone}>{word}</Badge>
        <h2 className="cut">{title}</h2>
        {extra && <span className="faint difference-extra">{extra}</span>}
      </header>
      {children}
    </section>
  )
}
