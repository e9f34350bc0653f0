import { HeadwaterProblem } from '@headwater/client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import './confirm.css'

interface ConfirmProps {
  readonly title: string
  /** What it does, to be read before it is done. */
  readonly children: ReactNode
  /** The word on the button that does it. */
  readonly action: string
  readonly isDangerous?: boolean
  /** Whether a reason is asked for; it is recorded. */
  readonly reason?: 'none' | 'optional' | 'required'
  readonly act: (why: string) => Promise<unknown>
  readonly onClose: () => void
}

/** Asks before something is done, and stays until it is done or given up. */
export function Confirm(props: ConfirmProps) {
  const { title, children, action, isDangerous = false, reason = 'none', act, onClose } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const [why, setWhy] = useState('')
  const heading = useId()
  const acting = useMutation({ mutationFn: () => act(why.trim()), onSuccess: onClose })
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const confirm = (event: FormEvent) => {
    event.preventDefault()
    acting.mutate()
  }
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onClose={onClose}>
      <form onSubmit={confirm}>
        <h2 id={heading}>{title}</h2>
        <div className="confirm-about">{children}</div>
        {reason !== 'none' && (
          <label className="confirm-reason">
            <span>Reason{reason === 'optional' && <span className="faint"> optional</span>}</span>
            <Field
              autoFocus
              placeholder="Recorded with what you do"
              value={why}
              maxLength={1_000}
              onChange={(event) => setWhy(event.target.value)}
            />
          </label>
        )}
        {acting.error && <Fault error={acting.error} />}
        <div className="confirm-buttons">
          <Button look="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button
            type="submit"
            look={isDangerous ? 'danger' : 'main'}
            autoFocus={reason === 'none'}
            disabled={acting.isPending || (reason === 'required' && why.trim() === '')}
          >
            {action}
          </Button>
        </div>
      </form>
    </dialog>
  )
}

/** What went wrong with something that was to be done, on a line. */
export function Fault({ error }: { error: Error }) {
  return (
    <p className="fault" role="alert">
      {error.message}
      {error instanceof HeadwaterProblem && (
        <>
          {' '}
          <code>{error.code}</code>
        </>
      )}
    </p>
  )
}
