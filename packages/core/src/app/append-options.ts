import type { EventQuery, ExpectedRevision } from '../log/port.ts'
import type { NewEvent } from '../message/event.ts'

export interface AppendOptions {
  /** Default: `any`. */
  readonly expected?: ExpectedRevision
  readonly condition?: { readonly query: EventQuery; readonly after: number }
  /** Makes the append idempotent: a second one with this id has no effect and gets the first one's answer. */
  readonly id?: string
  readonly actor?: string | null
  readonly correlationId?: string
  readonly causationId?: string
  readonly tenant?: string
}

export type AppendAllOptions = Omit<AppendOptions, 'expected'>

export interface AppendPart {
  readonly stream: string
  readonly events: readonly NewEvent[]
  readonly expected?: ExpectedRevision
}

export interface Appended {
  readonly id: string
  /** Of the last event. */
  readonly position: number
  readonly events: readonly {
    readonly id: string
    readonly type: string
    readonly stream: string
    readonly revision: number
    readonly position: number
  }[]
}
