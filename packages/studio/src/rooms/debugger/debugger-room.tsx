import type { DebugClient, DebugMove, DebugPlace } from '@headwater/client'
import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { chosenBranch } from '../../data/branch.ts'
import { client } from '../../data/client.ts'
import { paths } from '../../data/paths.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { BranchChoice } from './branch-choice.tsx'
import { StepView } from './step-view.tsx'
import './debugger.css'

/** Goes through the past: a timeline that steps back and forth, and all that changed at each step. */
export function DebuggerRoom() {
  const [search] = useSearchParams()
  const stream = search.get('stream') ?? undefined
  const from = Number(search.get('from') ?? 0) || 0
  return <Debugger key={`${stream ?? ''} ${from}`} stream={stream} from={from} />
}

function Debugger({ stream, from }: { stream: string | undefined; from: number }) {
  const session = useSession(stream, from)
  const [place, setPlace] = useState<DebugPlace>()
  const shown = place ?? session.begun
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (move: DebugMove) => session.move(move),
    onSuccess: (next) =>
      setPlace((before) => (next.step === null && before ? { ...before, ...next, step: before.step } : next)),
  })
  const go = (move: DebugMove) => {
    if (!isPending) mutate(move)
  }
  const forward = () => go({})
  const back = () => go({ direction: 'back' })
  useKeys({ n: forward, ArrowRight: forward, p: back, ArrowLeft: back })

  const failure = error ?? session.error
  const branch = chosenBranch()
  const whose = branch === undefined ? 'the log' : `the branch ${branch}`
  if (shown === undefined) return failure ? <Failure error={failure} /> : <Loading rows={8} />
  return (
    <Page
      name="Debugger"
      about={
        stream === undefined
          ? `Through ${whose}, event by event; nothing reacts to it`
          : `Through ${stream} of ${whose}`
      }
      actions={
        <>
          <BranchChoice />
          <span className="faint">
            <kbd>←</kbd> <kbd>→</kbd> step
          </span>
        </>
      }
    >
      <div className="debugger">
        <div className="debugger-timeline">
          <Button onClick={back} disabled={shown.position === 0}>
            Back
          </Button>
          <input
            type="range"
            aria-label="Position"
            min={0}
            max={shown.head}
            value={shown.position}
            onChange={({ target }) => go({ to: Number(target.value) })}
          />
          <Button onClick={forward} disabled={shown.position >= shown.head}>
            Step
          </Button>
          <span className="number" role="status">
            {shown.position} of {shown.head}
          </span>
        </div>
        <Seek onGo={go} />
        {failure !== null && <Failure error={failure} />}
        {shown.step === null ? (
          <p className="soft">It stands before the first event. Step on, or drag along the line.</p>
        ) : (
          <StepView step={shown.step} />
        )}
        {shown.step !== null && (
          <Link href={paths.event(shown.step.event.id)} className="reference">
            The event, its cause and its effects
          </Link>
        )}
      </div>
    </Page>
  )
}

/** To an event of a type, or until a condition holds: `balance < 0`. */
function Seek({ onGo }: { onGo: (move: DebugMove) => void }) {
  const [text, setText] = useState('')
  const condition = /^\s*([\w.]+)\s*(<=|>=|!=|=|<|>)\s*(.+?)\s*$/.exec(text)
  const move = (direction: 'forward' | 'back'): DebugMove => {
    const [, path = '', sign = '=', value = ''] = condition ?? []
    if (condition === null) return { type: text.trim(), direction }
    return { until: { path, operator: operators[sign], value: scalarOf(value) }, direction }
  }
  return (
    <form
      className="debugger-seek"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onGo(move('forward'))
      }}
    >
      <Field
        icon="search"
        aria-label="Run to a type, or until a condition holds"
        placeholder="OrderPaid, or total >= 100"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button onClick={() => onGo(move('back'))} disabled={text.trim() === ''}>
        Run back
      </Button>
      <Button onClick={() => onGo(move('forward'))} disabled={text.trim() === ''}>
        Run on
      </Button>
    </form>
  )
}

const operators: Readonly<Record<string, 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'>> = {
  '=': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
}

function scalarOf(text: string): unknown {
  return /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(text) ? JSON.parse(text) : text
}

/** A session as long as the room is shown; one that the server forgot is begun anew where it stood. */
function useSession(stream: string | undefined, from: number) {
  const [begun, setBegun] = useState<DebugPlace>()
  const [error, setError] = useState<Error | null>(null)
  const session = useRef<Promise<DebugClient>>(undefined)
  const begin = useCallback(
    (at: number) => client.debug({ from: at, ...(stream !== undefined && { streams: [stream] }) }),
    [stream],
  )
  useEffect(() => {
    const own = begin(from)
    session.current = own
    own.then(({ begun: place }) => setBegun(place), setError)
    // The server forgets it anyway.
    return () => void Promise.allSettled([own.then((one) => one.end())])
  }, [begin, from])
  const move = async (one: DebugMove): Promise<DebugPlace> => {
    const own = await (session.current ?? begin(from))
    return own.move(one)
  }
  return { begun, error, move }
}
