import { AssertionError } from 'node:assert'
import { describeDifferences } from './print.ts'
import { differences, settled } from './difference.ts'

/** Where the test called us: a failure's stack begins there. A function that it called, or a place noted earlier. */
// oxlint-disable-next-line typescript/no-unsafe-function-type -- it is only looked for in the stack
export type Caller = Function | Place

/** A place in a test, for what fails later than it was said. */
export class Place {
  readonly frames: string

  // oxlint-disable-next-line typescript/no-unsafe-function-type -- it is only looked for in the stack
  constructor(called: Function) {
    const noted: { stack?: string } = {}
    Error.captureStackTrace(noted, called)
    this.frames = (noted.stack ?? '').split('\n').slice(1).join('\n')
  }
}

export interface Failure {
  /** One line: what is not as it should be. */
  readonly headline: string
  /** What follows it. */
  readonly details?: readonly string[]
  /** How it came about. */
  readonly story?: readonly string[]
  /** For the runner's own comparison. */
  readonly expected: unknown
  readonly actual: unknown
  readonly cause?: unknown
}

/** An error that every runner shows with its own comparison: vitest, jest, node:test, mocha. */
export function failure(
  { headline, details = [], story = [], expected, actual, cause }: Failure,
  caller?: Caller,
): Error {
  const parts = [[headline, ...details], story].filter((lines) => lines.length > 0)
  const message = parts.map((lines) => lines.join('\n')).join('\n\n')
  const error = new AssertionError({
    message: `${message}\n`,
    expected,
    actual,
    operator: 'then',
    ...(typeof caller === 'function' && { stackStartFn: caller }),
  })
  if (caller instanceof Place) error.stack = `${error.name}: ${error.message}\n${caller.frames}`
  return cause === undefined ? error : Object.assign(error, { cause })
}

/** Fails where a value isn't as expected. */
export function requireSame(
  expected: unknown,
  actual: unknown,
  headline: string,
  story: readonly string[],
  caller?: Caller,
): void {
  const found = differences(expected, actual)
  if (found.length === 0) return
  throw failure(
    { headline, details: describeDifferences(found), story, expected: settled(expected, actual), actual },
    caller,
  )
}
