import type { Envelope } from '@headwater/client'
import { onBranch } from '../../data/branch.ts'
import { paths } from '../../data/paths.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { TypeName } from '../../ui/links.tsx'
import { Summary } from '../../ui/summary.tsx'
import { type AmendmentEdit, amendmentOf, editWords } from './amendment.ts'

const tones: Readonly<Record<AmendmentEdit, Tone>> = {
  omit: 'bad',
  replace: 'warn',
  insert: 'good',
  restore: 'accent',
}

/** The type of an event, or of the one that an amendment is about; the link looks at the branch. */
export function FactName({ branch, event }: { branch: string; event: Envelope }) {
  const amendment = amendmentOf(event)
  const type = amendment?.target.type ?? amendment?.event?.type ?? event.type
  const id = amendment?.target.id ?? event.id
  return (
    <a href={onBranch(branch, paths.event(id))} className="own-event" title={`Event ${id} on ${branch}`}>
      {amendment && <Badge tone={tones[amendment.edit]}>{editWords[amendment.edit]}</Badge>}
      <TypeName
        type={amendment?.edit === 'insert' ? (amendment.event?.type ?? type) : type}
        stream={event.stream}
      />
    </a>
  )
}

/** What it says; an amendment with why. */
export function FactSays({ event }: { event: Envelope }) {
  const amendment = amendmentOf(event)
  if (amendment === undefined) return <Summary data={event.data} without={event.aggregateId} />
  return (
    <>
      <span className="own-why">“{amendment.why}”</span>{' '}
      <Summary data={amendment.event?.data} without={event.aggregateId} />
    </>
  )
}
