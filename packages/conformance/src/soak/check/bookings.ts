import type { EventQuery } from '@headwater/core'
import type { AppendAsked, BookingsRead, Entry } from '../entries.ts'
import { booked, type BookedData, declarations, declared, matches, tagsOfBooking } from '../model.ts'
import { keyOf, type KeyedChecker } from './checker.ts'
import { around, type Findings } from './finding.ts'

interface Recorded {
  readonly position: number
  readonly commandId: string
  readonly type: string
  readonly tags: readonly string[]
}

export type BookingItem =
  | { readonly kind: 'event'; readonly event: Recorded }
  | { readonly kind: 'asked'; readonly id: string; readonly query: EventQuery; readonly after: number }
  | { readonly kind: 'refused'; readonly id: string; readonly position: number }
  | { readonly kind: 'reading'; readonly turn: string }
  | { readonly kind: 'acknowledged'; readonly position: number }
  | BookingsRead

/** Each boundary by itself: what was recorded under a condition was recorded while it held. */
export const bookingChecker: KeyedChecker<BookingItem> = {
  name: 'bookings',

  event({ tenant, type, data, position, commandId }, add) {
    if (type !== booked && type !== declared) return
    const tags = type === booked ? tagsOfBooking(data as BookedData) : []
    const show = type === booked ? (data as BookedData).show : declarations
    add(keyOf(tenant, show), { kind: 'event', event: { position, commandId, type, tags } })
  },

  entry(entry, add) {
    if (entry.kind === 'append' && entry.condition !== undefined) {
      const { show, query, after } = entry.condition
      add(keyOf(entry.tenant, show), { kind: 'asked', id: entry.id, query, after })
    } else if (entry.kind === 'appended' && entry.show !== undefined) answered(entry, entry.show, add)
    else if (entry.kind === 'reading' && entry.what === 'bookings' && entry.of !== undefined)
      add(entry.of, { kind: 'reading', turn: entry.turn })
    else if (entry.kind === 'bookings') add(keyOf(entry.tenant, entry.show), entry)
  },

  check(key, items, findings) {
    const events = items.flatMap((item) => (item.kind === 'event' ? [item.event] : []))
    const asked = new Map<string, Extract<BookingItem, { kind: 'asked' }>>()
    const floors = new Map<string, number>()
    let acknowledged = 0
    const tell = (
      kind: Parameters<Findings['tell']>[0],
      what: string,
      item: BookingItem,
      position: number,
    ): void => {
      const near = events.filter((event) => Math.abs(event.position - position) < 500).slice(0, 20)
      findings.tell(kind, `${key}: ${what}`, [...around(items, item), ...near], position)
    }
    for (const item of items) {
      if (item.kind === 'asked') {
        asked.set(item.id, item)
        checkCondition(item, events, tell)
      } else if (item.kind === 'acknowledged') acknowledged = Math.max(acknowledged, item.position)
      else if (item.kind === 'reading') floors.set(item.turn, acknowledged)
      else if (item.kind === 'refused') checkRefusal(item, asked.get(item.id), events, tell)
      else if (item.kind === 'bookings') checkRead(item, floors.get(item.turn) ?? 0, events, tell)
    }
  },
}

type Tell = (kind: Parameters<Findings['tell']>[0], what: string, item: BookingItem, position: number) => void

function answered(
  { tenant, id, answer }: Extract<Entry, { kind: 'appended' }>,
  show: string,
  add: (key: string, item: BookingItem) => void,
): void {
  if (answer.status === 'condition-failed')
    add(keyOf(tenant, show), { kind: 'refused', id, position: answer.position })
  if (answer.status === 'appended')
    add(keyOf(tenant, show), { kind: 'acknowledged', position: answer.position })
}

function checkCondition(
  item: Extract<BookingItem, { kind: 'asked' }>,
  events: readonly Recorded[],
  tell: Tell,
): void {
  const { id, query, after } = item
  const own = events.find(({ commandId }) => commandId === id)
  if (own === undefined) return
  const breaking = events.find(
    ({ position, type, tags }) => position > after && position < own.position && matches(query, type, tags),
  )
  if (breaking === undefined) return
  const what = `${id} was recorded at ${own.position} although ${breaking.position} came after ${after}`
  tell('condition', what, item, own.position)
}

function checkRefusal(
  item: Extract<BookingItem, { kind: 'refused' }>,
  asked: Pick<AppendAsked['condition'] & object, 'query' | 'after'> | undefined,
  events: readonly Recorded[],
  tell: Tell,
): void {
  if (asked === undefined) return
  const named = events.find(({ position }) => position === item.position)
  const isRight =
    named !== undefined && named.position > asked.after && matches(asked.query, named.type, named.tags)
  if (!isRight)
    tell(
      'condition',
      `${item.id} was refused for ${item.position}, which breaks nothing`,
      item,
      item.position,
    )
}

function checkRead(item: BookingsRead, floor: number, events: readonly Recorded[], tell: Tell): void {
  const { query, after, scannedTo, positions } = item
  const expected = events.filter(
    ({ position, type, tags }) => position > after && position <= scannedTo && matches(query, type, tags),
  )
  const [wanted, had] = [new Set(expected.map(({ position }) => position)), new Set(positions)]
  for (const position of wanted)
    if (!had.has(position)) tell('skipped', `a query missed ${position}`, item, position)
  for (const position of positions)
    if (!wanted.has(position))
      tell('dirty', `a query found ${position}, which it is not about`, item, position)
  if (scannedTo < floor)
    tell('stale-read', `a query looked up to ${scannedTo}, and ${floor} had been acknowledged`, item, floor)
}
