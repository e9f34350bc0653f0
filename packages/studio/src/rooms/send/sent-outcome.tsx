import type { Accepted } from '@headwater/client'
import { Badge } from '../../ui/badge.tsx'
import { CommandLink, EventLink, StreamLink } from '../../ui/links.tsx'
import { curlOfCommand } from './curl.ts'
import { Refused } from './refused.tsx'
import { SameByCurl } from './same-by-curl.tsx'

interface SentOutcomeProps {
  readonly accepted: Accepted | undefined
  readonly error: Error | null
  readonly type: string
  readonly data: unknown
}

/** What became of the command that was sent last, and what will be sent next. */
export function SentOutcome({ accepted, error, type, data }: SentOutcomeProps) {
  return (
    <aside className="sent" aria-live="polite">
      {accepted && (
        <div className="sent-answer">
          <Badge tone="good">accepted</Badge>
          <p>
            <StreamLink stream={accepted.stream} /> is at revision {accepted.revision}.
          </p>
          {accepted.events.map(({ id, type }) => (
            <p key={id}>
              <EventLink id={id} label={type} />
            </p>
          ))}
          <p className="faint">
            Command <CommandLink id={accepted.commandId} />
          </p>
        </div>
      )}
      {error && <Refused error={error} otherwise="not decided" />}
      <SameByCurl text={curlOfCommand(window.location.origin, type, data)} />
    </aside>
  )
}
