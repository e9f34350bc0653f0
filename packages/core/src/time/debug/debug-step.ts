import type { RecordedEvent } from '../../message/recorded.ts'
import type { Subscription } from '../../process/subscription.ts'
import type { Change } from '../../view/changes.ts'

/** Something that an event has changed: how it was right before, and right after. */
export interface Changed {
  /** JSON; null: there was nothing. */
  readonly before: unknown
  readonly after: unknown
  readonly changed: readonly Change[]
}

/** The aggregate in whose stream the event stands. */
export interface ChangedAggregate extends Changed {
  readonly aggregate: string
  readonly stream: string
}

/** A document that the event concerns. */
export interface ChangedDocument extends Changed {
  readonly view: string
  readonly key: string
}

/** What would have reacted to the event when it happened, and does not now. */
export interface HeldBack {
  readonly subscription: string
  readonly when: Subscription['when']
}

/** One event, and all that it changed. */
export interface DebugStep {
  readonly event: RecordedEvent
  /** Undefined: no aggregate of this app has such streams. */
  readonly aggregate: ChangedAggregate | undefined
  readonly documents: readonly ChangedDocument[]
  /** Side effects, none of which a debugger has. */
  readonly heldBack: readonly HeldBack[]
}
