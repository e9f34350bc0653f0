import { type ReactNode, useId } from 'react'
import './labelled.css'

interface LabelledProps {
  readonly label: ReactNode
  /** What is labelled takes this id. */
  readonly children: (id: string) => ReactNode
}

/** Something to fill in, below its name. */
export function Labelled({ label, children }: LabelledProps) {
  const id = useId()
  return (
    <div className="labelled">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}
