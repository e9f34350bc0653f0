import type { RebuildProgress } from '@headwater/client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../data/client.ts'
import { count, whole } from '../../format/number.ts'
import { duration } from '../../format/time.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm, Fault } from '../../ui/confirm.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useRefreshViews } from './refresh-views.ts'
import { SwitchConfirm } from './switch-confirm.tsx'
import './rebuild.css'

/** A rebuild that is under way: how far, how fast, what stands in its way, and what can be done about it. */
export function RebuildStatus({ rebuild }: { rebuild: RebuildProgress }) {
  const { view, version, state, fraction, parked, reason } = rebuild
  const refresh = useRefreshViews()
  const [asking, setAsking] = useState<'switch' | 'cancel'>()
  const cancel = useMutation({ mutationFn: () => client.versions(view).cancel(), onSuccess: refresh })
  const hasCaughtUp = state === 'ready' || state === 'blocked'
  return (
    <div className="rebuild">
      <div className="rebuild-line">
        <Badge tone={state === 'blocked' ? 'bad' : 'accent'}>{words[state]}</Badge>
        <span className="soft number">
          version {version}, {Math.floor(fraction * 100)} %
        </span>
        {state === 'building' && <Pace rebuild={rebuild} />}
        {parked > 0 && <Badge tone="bad">{count(parked, 'event')} parked</Badge>}
        <span className="rebuild-actions">
          {hasCaughtUp && (
            <Button look={state === 'ready' ? 'main' : 'danger'} onClick={() => setAsking('switch')}>
              {state === 'ready' ? 'Switch' : 'Switch anyway'}
            </Button>
          )}
          <Button
            look="quiet"
            aria-label={`Cancel the rebuild of ${view}`}
            onClick={() => setAsking('cancel')}
          >
            Cancel
          </Button>
        </span>
      </div>
      <Progress fraction={fraction} label={`Rebuild of ${view}`} />
      {reason && <p className="fault">{reason}</p>}
      {cancel.error && <Fault error={cancel.error} />}
      {asking === 'switch' && (
        <SwitchConfirm
          view={view}
          version={version}
          withParked={state === 'blocked'}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'cancel' && (
        <Confirm
          title={`Give up version ${version} of ${view}?`}
          action="Give it up"
          isDangerous
          act={() => cancel.mutateAsync()}
          onClose={() => setAsking(undefined)}
        >
          <p>What was folded so far is dropped. The version that is read stays as it is.</p>
        </Confirm>
      )}
    </div>
  )
}

const words: Readonly<Record<RebuildProgress['state'], string>> = {
  building: 'building',
  ready: 'caught up',
  blocked: 'blocked',
  switched: 'taken over',
  failed: 'given up',
}

function Pace({ rebuild: { rate, secondsLeft } }: { rebuild: RebuildProgress }) {
  if (rate === null) return null
  return (
    <span className="faint number">
      {whole(Math.round(rate))} events/s
      {secondsLeft !== null && `, ${duration(secondsLeft)} left`}
    </span>
  )
}
