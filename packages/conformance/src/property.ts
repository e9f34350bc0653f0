import fc from 'fast-check'
import { rounds, timeLimitOf, type Trial } from './trial.ts'

type Arbitraries<Values extends readonly unknown[]> = {
  readonly [Index in keyof Values]: fc.Arbitrary<Values[Index]>
}

interface Runs<Values> {
  /** How many runs show something, where they are quick. */
  readonly runs: number
  /** What is tried before. */
  readonly examples?: Values[]
}

/**
 * Checks something for any values, each time in a part of the trial that ends with the run: a property that fails is run
 * many times more, in search of its smallest example.
 */
export function forAny<Values extends [unknown, ...unknown[]]>(
  trial: Trial,
  arbitraries: Arbitraries<Values>,
  check: (part: Trial, ...values: Values) => Promise<void>,
  { runs, examples = [] }: Runs<Values>,
): Promise<void> {
  const property = fc.asyncProperty<Values>(...arbitraries, (...values) =>
    trial.within((part) => check(part, ...values)),
  )
  return fc.assert(property, {
    numRuns: Math.ceil(trial.capabilities.slow === true ? runs / 2 : runs) * rounds,
    examples,
    // Before its test is given up: then it tells how far it came.
    interruptAfterTimeLimit: 0.8 * timeLimitOf(trial.capabilities),
    markInterruptAsFailure: true,
  })
}
