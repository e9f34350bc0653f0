import type { QueryOptions } from './context.ts'
import type { QueryMessage } from './message.ts'

/** A query on its way to its handler. */
export interface QueryInFlight {
  readonly query: QueryMessage
  readonly options: QueryOptions
}

/** Sees every query and its answer; may refuse it by throwing, or change what goes on. */
export type QueryInterceptor = (
  inFlight: QueryInFlight,
  next: (inFlight: QueryInFlight) => Promise<unknown>,
) => Promise<unknown>
