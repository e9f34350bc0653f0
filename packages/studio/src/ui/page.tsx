import { type ReactNode, useEffect } from 'react'
import './page.css'

interface PageProps {
  /** The room's name in the browser's tab and history. */
  readonly name: string
  /** The same as it is shown; default the name. */
  readonly title?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A room: its name, a line about what is seen, what can be done, and the rest of the height for itself. */
export function Page({ name, title = name, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${name} · Headwater`
  }, [name])
  return (
    <div className="page">
      <header className="page-header">
        <div className="page-titles">
          <h1 className="cut">{title}</h1>
          {about && <p className="soft cut">{about}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** A part of a room with a heading of its own. */
export function Section({
  title,
  extra,
  children,
}: {
  title: ReactNode
  extra?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="section">
      <div className="section-header">
        <h2>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  )
}
