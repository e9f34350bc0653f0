import type { Envelope } from '@headwater/client'
import type { RefObject } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { isOpen, type LiveFilter } from './live-filter.ts'
import { TypeMenu } from './type-menu.tsx'

interface FilterBarProps {
  readonly filter: LiveFilter
  readonly change: (change: Partial<LiveFilter>) => void
  readonly events: readonly Envelope[]
  readonly searchRef: RefObject<HTMLInputElement | null>
}

export function FilterBar({ filter, change, events, searchRef }: FilterBarProps) {
  return (
    <div className="filter-bar" role="search">
      <Field
        ref={searchRef}
        className="filter-text"
        icon="search"
        shortcut="/"
        aria-label="Text in the events"
        placeholder="Text in data, ids, actor…"
        value={filter.text}
        onChange={(event) => change({ text: event.target.value })}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <TypeMenu events={events} chosen={filter.types} onChoose={(types) => change({ types })} />
      <Field
        className="filter-stream"
        icon="stream"
        aria-label="Start of the stream's name"
        placeholder="Stream, e.g. order-"
        value={filter.stream}
        onChange={(event) => change({ stream: event.target.value })}
      />
      {!isOpen(filter) && (
        <Button look="quiet" icon="close" onClick={() => change({ text: '', types: [], stream: '' })}>
          Clear
        </Button>
      )}
    </div>
  )
}
