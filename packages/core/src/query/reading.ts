import { AsyncLocalStorage } from 'node:async_hooks'
import { HeadwaterError } from '../message/errors.ts'

/** The query whose handler is running. */
const answering = new AsyncLocalStorage<string>()

/** Runs the handler of a query: nothing that it calls, at once or later, may change anything. */
export function whileReading<Result>(query: string, work: () => Result): Result {
  return answering.run(query, work)
}

/**
 * Refuses what a query must not do.
 *
 * @param what as in “it appended to order-1”
 * @throws HeadwaterError `query.side-effect`
 */
export function requireNoQuery(what: string): void {
  const query = answering.getStore()
  if (query === undefined) return
  throw new HeadwaterError('query.side-effect', `Query ${query} has no side effects, but it ${what}`)
}
