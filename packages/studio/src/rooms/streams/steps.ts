import type { Envelope, StreamHistory } from '@headwater/client'

/** One event of a history with the states that it stands between. */
export interface Step {
  readonly event: Envelope
  readonly before: unknown
  readonly after: unknown
}

/** The steps of a page of history, the newest first. */
export function stepsOf({ initial, items }: StreamHistory): Step[] {
  return items
    .map(({ event, state }, index) => ({
      event,
      before: index === 0 ? initial : items[index - 1]?.state,
      after: state,
    }))
    .reverse()
}
