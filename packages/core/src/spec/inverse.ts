import type { RecordedEvent } from '../message/recorded.ts'
import type { View } from '../view/view.ts'
import { differences, nothing } from './difference.ts'
import { type Caller, failure } from './failure.ts'
import { asStored } from './history.ts'
import { describeDifferences } from './print.ts'

/** With more events of a key each of them is still taken out once, of an even spread of so many. */
const mostTaken = 50

export interface InverseTrial {
  readonly view: View
  readonly story: readonly string[]
  readonly caller: Caller
}

/**
 * Holds `undo` to what it promises: each event of a key taken out of its document leaves what folding all others makes, and
 * put in again it gives what there was. A declaration that is wrong, or a fold for which the order of events matters, shows.
 */
export function requireInverse(trial: InverseTrial, key: string, events: readonly RecordedEvent[]): void {
  const { view } = trial
  if (view.undo === undefined) return
  const whole = foldAll(view, key, events)
  const step = Math.max(1, Math.ceil(events.length / mostTaken))
  // The last one is always among them: it is the one that an inverse for the last event only gets right.
  for (let index = events.length - 1; index >= 0; index -= step) {
    const event = events[index]
    if (event === undefined) continue
    const without = foldAll(view, key, events.toSpliced(index, 1))
    const taken = asStored(view.undo(whole ?? view.initial(key), event, key) ?? null)
    require(trial, event, `undo.${event.type} leaves another document than folding without the event`, {
      expected: without,
      actual: taken,
    })
    const again = asStored(view.fold(taken ?? view.initial(key), event, key) ?? null)
    require(trial, event, `on.${event.type} minds the order of events, so its view can have no undo`, {
      expected: whole,
      actual: again,
    })
  }
}

function foldAll(view: View, key: string, events: readonly RecordedEvent[]): unknown {
  let document: unknown = null
  for (const event of events) {
    const before = document === null ? view.initial(key) : asStored(document)
    document = asStored(view.fold(before, event, key) ?? null)
  }
  return document
}

function require(
  { view, story, caller }: InverseTrial,
  event: RecordedEvent,
  what: string,
  { expected, actual }: { readonly expected: unknown; readonly actual: unknown },
): void {
  const found = differences(expected ?? nothing, actual ?? nothing)
  if (found.length === 0) return
  throw failure(
    {
      headline: `${view.name}: ${what}`,
      details: [
        ...describeDifferences(found, ['folded without it', 'taken out']),
        `  The event: ${event.type} ${JSON.stringify(event.data)}. Nothing left of a document is null.`,
      ],
      story,
      expected,
      actual,
    },
    caller,
  )
}
