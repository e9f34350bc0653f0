import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useCatalog } from '../data/catalog-context.tsx'
import { client } from '../data/client.ts'
import { Icon } from '../ui/icon.tsx'
import { type Destination, destinationsFor, matching } from './destinations.ts'
import './palette.css'

/** Go anywhere by typing: rooms, streams, views, event types, commands, or any id that is pasted. */
export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const { catalog } = useCatalog()
  const wanted = text.trim()
  const { data: streams } = useQuery({
    queryKey: ['palette-streams', wanted],
    queryFn: ({ signal }) => client.streams({ prefix: wanted, limit: 6, signal }),
    enabled: wanted.length > 0,
    placeholderData: (before) => before,
  })
  const found = matching(destinationsFor(catalog, wanted, streams?.items ?? []), wanted)
  const at = Math.min(chosen, found.length - 1)

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const go = (destination: Destination | undefined) => {
    if (!destination) return
    navigate(destination.path)
    onClose()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(found[at])
    else if (event.key === 'ArrowDown') setChosen(Math.min(at + 1, found.length - 1))
    else if (event.key === 'ArrowUp') setChosen(Math.max(at - 1, 0))
    else return
    event.preventDefault()
  }

  return (
    <dialog ref={dialog} className="palette" aria-label="Go to" onClose={onClose} closedby="any">
      <div className="palette-inner">
        <div className="palette-input">
          <Icon name="search" />
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={found[at] ? `palette-${at}` : undefined}
            aria-label="Where to"
            placeholder="A stream, a view, a command, an event type, or any id…"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setChosen(0)
            }}
            onKeyDown={press}
          />
          <kbd>esc</kbd>
        </div>
        <div ref={list} id="palette-list" className="palette-list scroll" role="listbox">
          {found.map((destination, index) => (
            <div
              key={destination.path}
              id={`palette-${index}`}
              className="palette-item"
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onPointerMove={() => setChosen(index)}
              onClick={() => go(destination)}
              onKeyDown={press}
            >
              <Icon name={destination.icon} />
              <span className="cut">{destination.name}</span>
              <span className="faint">{destination.kind}</span>
            </div>
          ))}
          {found.length === 0 && <p className="palette-none soft">Nothing by that name.</p>}
        </div>
      </div>
    </dialog>
  )
}
