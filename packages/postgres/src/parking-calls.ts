import type { EventToPark, SequenceKey, Unpark } from '@headwater/core'
import { slotOf } from '@headwater/core/slots'
import { changed } from './control-calls.ts'
import type { Call, Value } from './database.ts'
import { encodedColumns } from './encoded.ts'
import { storedKey } from './keys.ts'
import { readable } from './readable.ts'
import { prepared } from './sql.ts'

const sql = prepared('parking')

/** What commits do with parked events, as calls: each on all of its rows at once, in one order for everybody. */
export function parked(given: readonly EventToPark[]): readonly Call[] {
  if (given.length === 0) return []
  const events = inOrder(lastOfEach(given))
  const edits = events.map(({ edit }) => encodedColumns(edit?.data ?? null))
  const values = [
    events.map(({ processor }) => processor),
    events.map(({ branch }) => branch),
    ...places(events),
    events.map(({ position }) => position),
    events.map(({ attempts }) => attempts),
    events.map(({ error }) => readable(error)),
    events.map(({ parkedAt }) => parkedAt),
    events.map(({ edit }) => (edit === undefined ? 0 : 1)),
    edits.map(([text]) => text),
    edits.map(([, bytes]) => bytes),
    events.map(({ edit }) => edit?.version ?? null),
    events.map(({ edit }) => readable(edit?.actor ?? null)),
    events.map(({ edit }) => readable(edit?.why ?? null)),
    events.map(({ edit }) => edit?.at ?? null),
  ]
  return [{ statement: sql('park'), values }]
}

/** It fails with `processor.conflict` where one is not as it was read. */
export function unparked(processor: string, branch: number, given: readonly Unpark[]): readonly Call[] {
  if (given.length === 0) return []
  const events = inOrder(given)
  const positions = events.map(({ position }) => position)
  const edits = events.map((event) => event.edits ?? null)
  return [{ statement: sql('unpark'), values: [processor, branch, ...places(events), positions, edits] }]
}

export function unparkedAfter(processor: string, branch: number, position: number): Call {
  return { statement: sql('unpark-after'), values: [processor, branch, position] }
}

/** By a commit of the processor itself. */
export function askedAndAnswered(
  processor: string,
  branch: number,
  asked: readonly SequenceKey[],
  answered: readonly SequenceKey[],
): readonly Call[] {
  const calls: Call[] = []
  if (answered.length > 0)
    calls.push({ statement: sql('answer'), values: [processor, branch, ...places(answered)] })
  if (asked.length > 0)
    calls.push(
      { statement: sql('ask'), values: [processor, branch, ...places(asked)] },
      changed(processor, branch),
    )
  return calls
}

export function forgottenParking(processor: string, branch: number): readonly Call[] {
  return ['forget-parked', 'forget-asked'].map((name) => ({
    statement: sql(name),
    values: [processor, branch],
  }))
}

/** The same of one sequence. */
export function placeOf({ tenant, sequence }: SequenceKey): readonly [number, string, string] {
  return [slotOf(tenant, sequence), storedKey(tenant), storedKey(sequence)]
}

/** Slots, tenants and names, as one array for each column. */
export function places(keys: readonly SequenceKey[]): readonly [Value, Value, Value] {
  return [
    keys.map(({ tenant, sequence }) => slotOf(tenant, sequence)),
    keys.map(({ tenant }) => storedKey(tenant)),
    keys.map(({ sequence }) => storedKey(sequence)),
  ]
}

/** One statement changes a row once: of those at one place that counts which would stand there in the end. */
function lastOfEach(events: readonly EventToPark[]): readonly EventToPark[] {
  const last = new Map<string, EventToPark>()
  for (const event of events) {
    const place = JSON.stringify([
      event.processor,
      event.branch,
      event.tenant,
      event.sequence,
      event.position,
    ])
    const before = last.get(place)
    if (before === undefined) last.set(place, event)
    else if (event.attempts > 0) last.set(place, { ...event, edit: before.edit })
  }
  return [...last.values()]
}

/** Two transactions that lock the same rows lock them in the same order. */
function inOrder<Key extends SequenceKey & { readonly position: number }>(
  keys: readonly Key[],
): readonly Key[] {
  return keys.toSorted(
    (one, other) =>
      compare(one.tenant, other.tenant) ||
      compare(one.sequence, other.sequence) ||
      one.position - other.position,
  )
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
