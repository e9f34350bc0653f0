import type { Caller, Place } from './failure.ts'

/** An expectation of a subject that isn't there yet, and where the test says it. */
export interface Expected<Subject> {
  readonly check: (subject: Subject, caller: Caller) => void | Promise<void>
  readonly place: Place
}

/**
 * A promise that is kept if all that is expected is so. More can be expected of it at once, but not later: it begins when
 * the test has said its last word.
 *
 * @param meet looks whether all of it is so
 * @param thens the ways to expect something more
 */
export function promised<One, Thens extends object>(
  first: One,
  meet: (expected: readonly One[]) => Promise<void>,
  thens: (expect: (next: One) => Promise<void> & Thens) => Thens,
): Promise<void> & Thens {
  const expected = [first]
  const met = Promise.resolve().then(() => meet(expected))
  const chain: Promise<void> & Thens = Object.assign(
    met,
    thens((next) => {
      expected.push(next)
      return chain
    }),
  )
  return chain
}

/** The `then` of a specification that is played only when something is expected: it takes nothing that there is. */
export type NothingExpected = (nothing: never) => never

/** @throws TypeError */
export function nothingExpected(): never {
  throw new TypeError(
    'Nothing is expected yet, so that nothing was done: go on with thenRecorded(…), thenSends(…) or another then…',
  )
}
