import type { BranchDifference } from '@headwater/client'

export type DifferencePart = 'documents' | 'streams' | 'events' | 'commands'

interface PartOfDifference {
  readonly part: DifferencePart
  readonly label: string
  /** One of them. */
  readonly thing: string
  readonly of: (difference: BranchDifference) => readonly unknown[]
}

/** What may differ, in the order in which one wants to know it. */
export const differenceParts: readonly PartOfDifference[] = [
  { part: 'documents', label: 'Documents', thing: 'document', of: ({ documents }) => documents },
  { part: 'streams', label: 'Streams', thing: 'stream', of: ({ streams }) => streams },
  { part: 'events', label: 'Events', thing: 'event', of: ({ events }) => events },
  { part: 'commands', label: 'Commands', thing: 'command', of: ({ commands }) => commands },
]
