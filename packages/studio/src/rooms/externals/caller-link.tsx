import type { ExternalCaller } from '@headwater/client'
import { CommandLink, EventLink } from '../../ui/links.tsx'

/** On whose behalf it was called: a command, or a subscription and the event that it reacted to. */
export function CallerLink({ caller: { kind, name, id, series } }: { caller: ExternalCaller }) {
  if (kind === 'command') return <CommandLink id={id} label={name} />
  if (kind === 'query') return <span title={`Asking ${id}`}>{name}</span>
  return (
    <>
      {name} on <EventLink id={id} />
      {series !== '' && <span className="faint"> {series}</span>}
    </>
  )
}
