import type { RecordedEvent } from '../message/recorded.ts'
import type { View } from '../view/view.ts'
import { differences } from './difference.ts'
import { type Caller, failure } from './failure.ts'
import { asStored } from './history.ts'
import { requireInverse } from './inverse.ts'
import { describeDifferences } from './print.ts'

/** A fold that is looked at. */
export interface FoldTrial {
  readonly view: View
  readonly tenant: string
  readonly story: readonly string[]
  readonly caller: Caller
}

/** The documents of a tenant after these events, as a store gives them back. */
export function documentsAfter(
  events: readonly RecordedEvent[],
  trial: FoldTrial,
): ReadonlyMap<string, unknown> {
  const { view, tenant } = trial
  const types = new Set(view.events.map(({ type }) => type))
  const documents = new Map<string, unknown>()
  const byKey = new Map<string, RecordedEvent[]>()
  for (const event of events) {
    if (event.tenant !== tenant || !types.has(event.type)) continue
    for (const key of trying(trial, event, () => view.keysOf(event))) {
      const fold = () => foldOnce(view, documents.get(key), event, key)
      const once = trying(trial, event, fold)
      requirePure(trial, event, once, trying(trial, event, fold))
      if (once === null) documents.delete(key)
      else documents.set(key, once)
      if (view.undo !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), event])
    }
  }
  for (const [key, folded] of byKey) requireInverse(trial, key, folded)
  return documents
}

function foldOnce(view: View, before: unknown, event: RecordedEvent, key: string): unknown {
  const document = before === undefined ? view.initial(key) : asStored(before)
  return asStored(view.fold(document, event, key) ?? null)
}

/** A rebuild folds the same again, and the same has to come out. */
function requirePure(
  { view, story, caller }: FoldTrial,
  event: RecordedEvent,
  once: unknown,
  again: unknown,
) {
  const found = differences(once, again)
  if (found.length === 0) return
  throw failure(
    {
      headline: `${view.name}: on.${event.type} folded the same event twice, and something else came out`,
      details: [
        ...describeDifferences(found, ['once', 'again']),
        '  A fold looks at the document and the event, and changes nothing.',
      ],
      story,
      expected: once,
      actual: again,
    },
    caller,
  )
}

function trying<T>({ view, story, caller }: FoldTrial, event: RecordedEvent, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const headline = `${view.name}: ${event.type} could not be folded: ${why}`
    throw failure({ headline, story, expected: 'a document', actual: why, cause }, caller)
  }
}
