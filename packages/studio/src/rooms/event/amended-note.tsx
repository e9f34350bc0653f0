import type { Amended } from '@headwater/client'
import { EventLink } from '../../ui/links.tsx'
import { Ago } from '../../ui/time.tsx'
import './amended.css'

export const amendedWords = { omit: 'ignored', replace: 'corrected', insert: 'inserted later' } as const

/** What was said about an event afterwards: by whom, when, and why. */
export function AmendedNote({ amended }: { amended: Amended }) {
  const { edit, by, why, at, id } = amended
  return (
    <p className={`amended-note ${edit}`}>
      <strong>{amendedWords[edit]}</strong>
      {by !== null && ` by ${by}`}: {why}{' '}
      <span className="faint">
        <Ago at={at} /> · <EventLink id={id} />
      </span>
    </p>
  )
}
