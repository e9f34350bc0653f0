import type { BranchDifference } from '@headwater/client'
import type { ReactNode } from 'react'
import { Empty } from '../../../ui/notice.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { CommandCard } from './command-card.tsx'
import { DocumentCard } from './document-card.tsx'
import { EventCard } from './event-card.tsx'
import { type DifferencePart, differenceParts } from './parts.ts'
import { StreamCard } from './stream-card.tsx'

const pageSize = 20

interface DifferenceListProps {
  readonly difference: BranchDifference
  readonly part: DifferencePart
  readonly page: number
  readonly onPage: (page: number) => void
}

/** One page of what differs, each on a card of its own. */
export function DifferenceList({ difference, part, page, onPage }: DifferenceListProps) {
  const { branch, against } = difference
  const total = difference[part].length
  if (total === 0)
    return difference.events.length + difference.commands.length === 0 ? (
      <Empty title={`${branch} and ${against} do not differ`}>
        Look at the branch and send commands to it, or ignore, correct and insert events there. What comes of
        it shows here.
      </Empty>
    ) : (
      <Empty title={`No ${part} differ`} />
    )
  const shown = Math.min(page, Math.ceil(total / pageSize) - 1)
  return (
    <>
      <div className="difference-cards scroll">{cardsOf(difference, part, shown * pageSize)}</div>
      <Pager
        page={shown}
        size={pageSize}
        total={total}
        thing={differenceParts.find((one) => one.part === part)?.thing ?? part}
        onPage={onPage}
      />
    </>
  )
}

function cardsOf(difference: BranchDifference, part: DifferencePart, from: number): ReactNode {
  const sides = { branch: difference.branch, against: difference.against }
  const page = <Item,>(items: readonly Item[]): readonly Item[] => items.slice(from, from + pageSize)
  switch (part) {
    case 'documents':
      return page(difference.documents).map((one) => (
        <DocumentCard key={`${one.view}/${one.key}`} document={one} sides={sides} />
      ))
    case 'streams':
      return page(difference.streams).map((one) => <StreamCard key={one.stream} stream={one} sides={sides} />)
    case 'events':
      return page(difference.events).map((one) => (
        <EventCard key={`${one.side} ${one.position}`} event={one} sides={sides} />
      ))
    case 'commands':
      return page(difference.commands).map((one) => <CommandCard key={one.id} command={one} sides={sides} />)
  }
}
