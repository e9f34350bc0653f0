import type { Envelope, MergeConflict, Resolution } from '@headwater/client'
import { useId } from 'react'
import { actorName } from '../../../format/actor.ts'
import { whole } from '../../../format/number.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Ago } from '../../../ui/time.tsx'
import { FactName, FactSays } from '../fact.tsx'

const meanings: Readonly<Record<MergeConflict['kind'], string>> = {
  moved: 'moved on both sides',
  amended: 'was amended on both sides',
  cut: 'has only a part of what a command recorded',
  decided: 'has commands that were decided on both sides',
}

interface ConflictCardProps {
  readonly conflict: MergeConflict
  readonly branch: string
  readonly into: string
  readonly chosen: Resolution | undefined
  readonly onChoose: (choice: Resolution) => void
}

/** A stream that both sides have moved, with what each recorded there, and the choice what becomes of it. */
export function ConflictCard({ conflict, branch, into, chosen, onChoose }: ConflictCardProps) {
  const { stream, kind, mine, theirs, decided } = conflict
  const group = useId()
  const choices: readonly (readonly [Resolution, string, string])[] = [
    ['mine', `Take ${branch}`, `Record what ${branch} has, after what ${into} has.`],
    ['theirs', `Keep ${into}`, `Leave out what ${branch} has, for good.`],
    ['decide', 'Decide again', `Have the commands decided again, on what ${into} has then.`],
  ]
  return (
    <section className="section conflict" aria-label={`Conflict in ${stream}`}>
      <header>
        <Badge tone={chosen === undefined ? 'bad' : 'good'}>
          {chosen === undefined ? 'conflict' : 'resolved'}
        </Badge>
        <h2>
          <span className="mono">{stream}</span> {meanings[kind]}
        </h2>
      </header>
      <div className="conflict-sides">
        <Facts where={into} events={theirs} decided={decided} />
        <Facts where={branch} events={mine} decided={[]} />
      </div>
      <fieldset>
        <legend className="visually-hidden">What becomes of {stream}</legend>
        {choices
          .filter(([choice]) => (kind !== 'cut' && kind !== 'decided') || choice !== 'mine')
          .map(([choice, label, about]) => (
            <label key={choice} className="conflict-choice">
              <input
                type="radio"
                name={group}
                checked={chosen === choice}
                onChange={() => onChoose(choice)}
              />
              <b>{label}</b>
              <span className="soft">{about}</span>
            </label>
          ))}
      </fieldset>
    </section>
  )
}

interface FactsProps {
  readonly where: string
  readonly events: readonly Envelope[]
  /** Commands that were decided there under the branch's ids. */
  readonly decided: MergeConflict['decided']
}

function Facts({ where, events, decided }: FactsProps) {
  return (
    <div>
      <h3>{where}</h3>
      <ul>
        {events.map((event) => (
          <li key={event.id}>
            <div>
              <span className="faint number">{whole(event.position)}</span>{' '}
              <FactName branch={where} event={event} />
              <span className="faint conflict-when">
                {event.actor !== null && `${actorName(event.actor)}, `}
                <Ago at={event.recordedAt} />
              </span>
            </div>
            <div className="conflict-says">
              <FactSays event={event} />
            </div>
          </li>
        ))}
        {decided.map(({ id, status, reason }) => (
          <li key={id}>
            <span className="mono">{id}</span> was {status}
            {reason !== undefined && <div className="conflict-says mono">{JSON.stringify(reason)}</div>}
          </li>
        ))}
        {events.length + decided.length === 0 && <li className="faint">nothing</li>}
      </ul>
    </div>
  )
}
