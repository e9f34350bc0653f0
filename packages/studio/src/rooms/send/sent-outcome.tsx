import { type Accepted, HeadwaterProblem } from '@headwater/client'
import { count } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { CommandLink, EventLink, StreamLink } from '../../ui/links.tsx'
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
      {error && <Refused error={error} />}
      <SameByCurl type={type} data={data} />
    </aside>
  )
}

/** Faults that have a field are told there; here are the rest. */
function Refused({ error }: { error: Error }) {
  const problem = error instanceof HeadwaterProblem ? error : undefined
  const faults = problem?.errors ?? []
  const elsewhere = faults.filter(({ pointer }) => pointer === undefined || pointer === '')
  const word = problem?.rejected ? 'rejected' : faults.length > 0 ? 'invalid' : 'not decided'
  return (
    <div className="sent-answer refused">
      <Badge tone="bad">{word}</Badge>
      {faults.length > elsewhere.length ? (
        <p>{count(faults.length - elsewhere.length, 'fault')}, each told at its field.</p>
      ) : (
        <p>{error.message}</p>
      )}
      {elsewhere.map(({ detail }) => (
        <p key={detail}>{detail}</p>
      ))}
      {problem && <code>{problem.code}</code>}
    </div>
  )
}
