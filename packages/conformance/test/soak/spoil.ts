import type { EventRow } from '@headwater/core'
import type { AppendAsked, Entry } from '../../src/soak/entries.ts'
import type { FindingKind } from '../../src/soak/check/finding.ts'
import type { Written } from './written.ts'

/** One thing that is wrong with a history, and what a checker has to call it. */
export interface Mutant {
  readonly name: string
  readonly kind: FindingKind
  /** Changes the history, which is a copy. */
  readonly spoil: (history: Written) => void
}

export type EntryOf<Kind extends Entry['kind']> = Entry & { readonly kind: Kind }

export function all<Kind extends Entry['kind']>({ entries }: Written, kind: Kind): readonly EntryOf<Kind>[] {
  return entries.filter((entry): entry is EntryOf<Kind> => entry.kind === kind)
}

export class NothingToSpoil extends Error {}

/** What a mutant needs has to be in the history, or it would prove nothing. */
export function some<Item>(items: readonly Item[], fits: (item: Item) => boolean = () => true): Item {
  const found = items.filter(fits)
  const item = found[found.length >> 1]
  if (item === undefined) throw new NothingToSpoil('The history has nothing that could be spoilt so')
  return item
}

export function replace(history: Written, entry: Entry, changes: object): void {
  history.entries[history.entries.indexOf(entry)] = { ...entry, ...changes } as Entry
}

export function spoilEvent(history: Written, event: EventRow, changes: Partial<EventRow>): void {
  history.events[history.events.indexOf(event)] = { ...event, ...changes }
}

/** Records one more event at the end of the log. */
export function record(history: Written, event: EventRow, changes: Partial<EventRow> = {}): void {
  const { stream, tenant } = event
  const revision =
    history.events.filter((other) => other.stream === stream && other.tenant === tenant).length + 1
  const last = some(history.events.slice(-1))
  history.events.push({
    ...event,
    position: last.position + 1,
    revision,
    recordedAt: last.recordedAt,
    ...changes,
  })
}

export const without = <Item>(items: readonly Item[], index: number): readonly Item[] =>
  items.toSpliced(index, 1)

export const swapped = <Item>(items: readonly Item[]): readonly Item[] => {
  const [first, second, ...rest] = items
  return first === undefined || second === undefined ? items : [second, first, ...rest]
}

/** An append that was acknowledged, by its question. */
export function recordedAppend(
  history: Written,
  fits: (asked: AppendAsked) => boolean = () => true,
): AppendAsked {
  const acknowledged = new Set(
    all(history, 'appended').flatMap(({ id, answer }) => (answer.status === 'appended' ? [id] : [])),
  )
  return some(all(history, 'append'), (asked) => acknowledged.has(asked.id) && fits(asked))
}

export const eventsOf = ({ events }: Written, id: string): readonly EventRow[] =>
  events.filter(({ commandId }) => commandId === id)
