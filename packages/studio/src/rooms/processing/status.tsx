import type { Intervention, ProcessorSummary } from '@headwater/client'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Ago } from '../../ui/time.tsx'
import './processing.css'

const looks: Readonly<Record<ProcessorSummary['status'], readonly [Tone, string]>> = {
  starting: ['calm', 'It has not begun in this process'],
  running: ['good', 'It is processed here, or some of it is'],
  standby: ['calm', 'Other processes have all of it'],
  paused: ['warn', 'An operator wants it to stand still'],
  outdated: [
    'warn',
    'It met an event of a newer version than this process knows, and leaves its work to newer ones',
  ],
  failed: ['bad', 'An error keeps it from going on'],
  stopped: ['warn', 'The app was closed'],
}

/** Whether something has to be looked at before it goes on. */
export function isDown({ status }: ProcessorSummary): boolean {
  return status === 'failed' || status === 'stopped' || status === 'outdated'
}

export function StatusBadge({ processor: { status } }: { processor: ProcessorSummary }) {
  const [tone, about] = looks[status]
  return (
    <span title={about}>
      <Badge tone={tone}>{status}</Badge>
    </span>
  )
}

/** What a processor is doing, and if it does nothing, why, on a line. */
export function Status({ processor }: { processor: ProcessorSummary }) {
  const { error, paused } = processor
  return (
    <span className="processor-status">
      <StatusBadge processor={processor} />
      {error && (
        <span className="processor-error cut" title={error}>
          {error}
        </span>
      )}
      {paused && (
        <span className="soft cut" title={paused.why ?? undefined}>
          <Reason paused={paused} />
        </span>
      )}
    </span>
  )
}

/** Why a processor does nothing, in full. */
export function StatusNote({ processor: { error, paused } }: { processor: ProcessorSummary }) {
  return (
    <>
      {error && <p className="processor-note bad">{error}</p>}
      {paused && (
        <p className="processor-note">
          Paused <Reason paused={paused} />
        </p>
      )}
    </>
  )
}

function Reason({ paused: { actor, at, why } }: { paused: Intervention }) {
  return (
    <>
      {actor && `by ${actor}, `}
      <Ago at={at} />
      {why && `: ${why}`}
    </>
  )
}
