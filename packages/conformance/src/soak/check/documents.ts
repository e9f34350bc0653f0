import type { SumDocument } from '../entries.ts'
import { type Fact, nothingSummed, summed, viewNames, views } from '../model.ts'
import { keyOf, type KeyedChecker } from './checker.ts'
import { around, type Findings } from './finding.ts'

type Folded = Omit<Fact, 'occurredAt'> & { readonly position: number }

export type DocumentItem = { readonly kind: 'event'; readonly event: Folded } | Read

interface Read {
  readonly kind: 'read' | 'final'
  readonly turn: string
  readonly waitFor: number
  readonly document: SumDocument | null
  readonly position: number
}

/** Each document of a view by itself: whenever it was read, it was the fold of its events up to the position that it showed. */
export const documentChecker: KeyedChecker<DocumentItem> = {
  name: 'documents',

  event(event, add) {
    const { id, type, stream, aggregateId, data, position, tenant } = event
    for (const view of viewNames) {
      if (!views[view].types.includes(type)) continue
      const fact = { id, type, stream, aggregateId, position, data: { amount: amountOf(data) } }
      add(keyOf(view, tenant, views[view].keyOf(event)), { kind: 'event', event: fact })
    }
  },

  entry(entry, add) {
    if (entry.kind === 'read') {
      const { view, tenant, key, turn, waitFor, document, position } = entry
      add(keyOf(view, tenant, key), { kind: 'read', turn, waitFor, document, position })
    } else if (entry.kind === 'document') {
      const { view, tenant, key, document, position } = entry
      const waitFor = Number.MAX_SAFE_INTEGER
      add(keyOf(view, tenant, key), { kind: 'final', turn: '', waitFor, document, position })
    }
  },

  check(key, items, findings) {
    const events = items.flatMap((item) => (item.kind === 'event' ? [item.event] : []))
    const shown = new Map<number, SumDocument>()
    let document = nothingSummed
    for (const event of events) {
      document = summed(document, event)
      shown.set(event.position, document)
    }
    const positions = events.map(({ position }) => position)
    let finals = 0
    for (const item of items) {
      if (item.kind !== 'read' && item.kind !== 'final') continue
      if (item.kind === 'final') finals += 1
      checkRead(key, item, { shown, positions, events, items }, findings)
    }
    if (finals === 0 && events.length > 0)
      findings.tell('wrong-document', `${key} has events and no document`, around(items, undefined))
    if (finals > 1) findings.tell('duplicated', `${key} is listed ${finals} times`, around(items, undefined))
  },
}

interface Known {
  readonly shown: ReadonlyMap<number, SumDocument>
  readonly positions: readonly number[]
  readonly events: readonly Folded[]
  readonly items: readonly DocumentItem[]
}

function checkRead(key: string, item: Read, known: Known, findings: Findings): void {
  const { document, position, waitFor } = item
  const { shown, positions, events, items } = known
  const tell = (kind: 'wrong-document' | 'stale-read', what: string): void => {
    const near = events.filter((event) => Math.abs(event.position - position) < 200).slice(0, 20)
    findings.tell(kind, `${key} ${what}`, [...around(items, item), ...near], position)
  }
  const expected = document === null ? undefined : shown.get(position)
  if (document !== null && expected === undefined)
    return tell('wrong-document', `shows position ${position}, where there is no event of it`)
  if (document !== null && expected !== undefined && !areEqual(document, expected)) {
    return tell(
      'wrong-document',
      `is ${JSON.stringify(document)} at ${position}, and the log folds to ${JSON.stringify(expected)}`,
    )
  }
  const missed = firstAbove(positions, document === null ? 0 : position)
  if (missed === undefined || missed > waitFor) return
  tell(
    item.kind === 'final' ? 'wrong-document' : 'stale-read',
    `lacks position ${missed}, and was read to have it`,
  )
}

function firstAbove(positions: readonly number[], position: number): number | undefined {
  let [low, high] = [0, positions.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((positions[middle] ?? 0) > position) high = middle
    else low = middle + 1
  }
  return positions[low]
}

function amountOf(data: unknown): number {
  return typeof data === 'object' && data !== null && 'amount' in data ? Number(data.amount) : 0
}

function areEqual(one: SumDocument, other: SumDocument): boolean {
  return one.count === other.count && one.sum === other.sum && one.chain === other.chain
}
