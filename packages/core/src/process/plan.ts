import type { AnyEventType } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { Scope } from './scope.ts'
import type { Start } from './subscription.ts'
import type { ProcessorWork } from './work.ts'

/** What a processor is: its name, what it reads, where it begins, and who does the work. */
export interface ProcessorPlan {
  /** By which the store knows it: a view's or subscription's; of a version of a view that is being built `<view>@<version>`. */
  readonly name: string
  readonly kind: 'view' | 'subscription'
  /** The event types that concern it. */
  readonly events: readonly AnyEventType[]
  /** Whether it hears of amendments. Default: no. */
  readonly followsAmendments?: boolean
  /** Where it begins, if it never ran. */
  readonly start: Start
  /** Into how many parts its keys are divided, each of which may run in another process. */
  readonly partitions: number
  /** How many events are read at a time. */
  readonly pageSize: number
  /** The keys by which an event is partitioned and kept in order. @throws what a user's function throws */
  keysOf(event: RecordedEvent): readonly string[]
  /** Whether it may begin where it has no partitions; default: yes. One that is over, and forgotten, does not begin anew. */
  mayBegin?(): Promise<boolean>
  /** Makes the work of one partition. */
  workOn(scope: Scope): ProcessorWork
  /** Makes the work of a job that handles old events once more; undefined: there are no effects to be repeated. */
  workOnJob?(job: string): ProcessorWork
  /** The job that it is the plan of, and the processor that it is done for. */
  readonly job?: { readonly id: string; readonly of: string }
}
