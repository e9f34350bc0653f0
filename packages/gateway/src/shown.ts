import type { RecordedEvent } from '@headwater/core'
import type { QueryReader } from './query.ts'

/** An event as it is shown. */
export type Shown = (event: RecordedEvent) => RecordedEvent

/** Reads `?as=`: events of the current version of their schema (`current`), or with the data that was `recorded`. */
export function readAs(query: QueryReader): Shown {
  const as = query.choice('as', ['current', 'recorded'])
  return as === 'recorded' ? (event) => event.asRecorded() : (event) => event
}
