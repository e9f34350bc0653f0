import { useEffect, useRef } from 'react'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { actorName } from '../../format/actor.ts'
import { count } from '../../format/number.ts'
import { fullTime } from '../../format/time.ts'
import { Button } from '../../ui/button.tsx'
import { Ago } from '../../ui/time.tsx'
import { amendedWords } from '../event/amended-note.tsx'
import { changesOf, shortChange } from './changes.ts'
import type { Step } from './steps.ts'

interface TimelineProps {
  readonly steps: readonly Step[]
  readonly chosen: Step
  readonly onChoose: (revision: number) => void
  /** How many events there are before and after those shown. */
  readonly older: number
  readonly newer: number
  readonly onOlder: () => void
  readonly onNewer: () => void
}

/** The events of a stream down a line, each with what it changed in short. */
export function Timeline({ steps, chosen, onChoose, older, newer, onOlder, onNewer }: TimelineProps) {
  const { hueOf } = useCatalog()
  const list = useRef<HTMLOListElement>(null)
  const revision = chosen.event.revision
  useEffect(() => {
    list.current?.querySelector(`[data-revision="${revision}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [revision])
  return (
    <ol
      ref={list}
      className="timeline scroll tinted"
      style={{ '--hue': hueOf(aggregateOf(chosen.event.stream)) }}
    >
      {newer > 0 && (
        <li>
          <Button look="quiet" onClick={onNewer}>
            {count(newer, 'newer event')}
          </Button>
        </li>
      )}
      {steps.map((step) => (
        <TimelineStep key={step.event.id} step={step} chosen={step === chosen} onChoose={onChoose} />
      ))}
      {older > 0 && (
        <li>
          <Button look="quiet" onClick={onOlder}>
            {count(older, 'older event')}
          </Button>
        </li>
      )}
    </ol>
  )
}

function TimelineStep({
  step,
  chosen,
  onChoose,
}: {
  step: Step
  chosen: boolean
  onChoose: (revision: number) => void
}) {
  const { event } = step
  const changes = changesOf(step.before, step.after)
  return (
    <li className={`timeline-step ${event.amended?.edit ?? ''}`} data-revision={event.revision}>
      <button type="button" aria-pressed={chosen} onClick={() => onChoose(event.revision)}>
        <span className="timeline-revision number">{event.revision}</span>
        <span className="timeline-text">
          <span className="timeline-type cut">{event.type}</span>
          <span className="timeline-changes cut">
            {changes.slice(0, 3).map((change) => (
              <span key={change.path}>{shortChange(change)}</span>
            ))}
            {changes.length > 3 && <span>+{changes.length - 3}</span>}
            {changes.length === 0 && <span>no change of state</span>}
          </span>
          {event.amended && (
            <span className="timeline-amended cut" title={event.amended.why}>
              {amendedWords[event.amended.edit]}
              {event.amended.by !== null && ` by ${actorName(event.amended.by)}`}: {event.amended.why}
            </span>
          )}
          <span className="timeline-note faint cut" title={fullTime(event.recordedAt)}>
            <Ago at={event.recordedAt} />
            {event.actor && ` · ${actorName(event.actor)}`}
          </span>
        </span>
      </button>
    </li>
  )
}
