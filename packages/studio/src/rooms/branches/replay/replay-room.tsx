import type { Branch, ReplayOptions, ReplayReport } from '@headwater/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { client } from '../../../data/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Fault } from '../../../ui/confirm.tsx'
import { BranchPage } from '../branch-page.tsx'
import { ReplayResult } from './replay-result.tsx'
import './replay.css'

type Mode = ReplayOptions['mode']
const modes: readonly (readonly [Mode, string, string])[] = [
  [
    'decisions',
    'As decisions',
    'Commands that went by something which is another one now are decided again, as of then. What they come to otherwise is recorded on the branch, as amendments.',
  ],
  [
    'facts',
    'As facts',
    'What was decided stands. It changes nothing, and waits until every view shows the amendments.',
  ],
]

/** Replays a branch as amendments have made it, and tells what came of it. */
export function ReplayRoom({ name }: { name: string }) {
  return (
    <BranchPage name={name} part="Replay">
      {(branch) => <Replaying branch={branch} />}
    </BranchPage>
  )
}

function Replaying({ branch: { name } }: { branch: Branch }) {
  const queries = useQueryClient()
  const [mode, setMode] = useState<Mode>('decisions')
  const [all, setAll] = useState(false)
  const stopping = useRef<AbortController>(undefined)
  const { mutate, data, error, isPending } = useMutation<ReplayReport>({
    mutationFn: () => {
      stopping.current = new AbortController()
      const { signal } = stopping.current
      return client.branches.replay(name, { mode, signal, ...(mode === 'decisions' && all && { all }) })
    },
    onSettled: () => queries.invalidateQueries(),
  })
  const isStopped = error?.name === 'AbortError'
  return (
    <div className="replay scroll">
      <form
        className="section replay-form"
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <fieldset disabled={isPending}>
          <legend className="visually-hidden">How to replay it</legend>
          {modes.map(([one, label, about]) => (
            <label key={one} className="replay-choice">
              <input type="radio" name="mode" checked={mode === one} onChange={() => setMode(one)} />
              <b>{label}</b>
              <span className="soft">{about}</span>
            </label>
          ))}
          {mode === 'decisions' && (
            <label className="replay-choice">
              <input type="checkbox" checked={all} onChange={({ target }) => setAll(target.checked)} />
              <b>Every command</b>
              <span className="soft">
                Also those that went by nothing that changed: what would this code have decided?
              </span>
            </label>
          )}
        </fieldset>
        <div className="replay-buttons">
          <Button type="submit" look="main" icon="play" disabled={isPending}>
            {isPending ? 'Replaying…' : 'Replay'}
          </Button>
          {isPending && <Button onClick={() => stopping.current?.abort()}>Stop</Button>}
          <span className="faint">
            Nothing is sent and nothing outside is called. Twice is the same as once.
          </span>
        </div>
        {isStopped ? (
          <p className="soft" role="alert">
            It was stopped. What was decided again by then stays; replaying again goes on from there.
          </p>
        ) : (
          error && <Fault error={error} />
        )}
      </form>
      {data && !isPending && <ReplayResult report={data} />}
    </div>
  )
}
