import fc from 'fast-check'
import { rounds, type Trial } from './trial.ts'

/** With as many runs each fault is found that the suite is tested with; a store may ask for no less. */
export const fewestRuns = 20

/** Milliseconds after which a property that is not through tells how far it came: before its test is given up. */
const timeLimit = 100_000

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
    numRuns: runsOf(trial, runs),
    examples,
    interruptAfterTimeLimit: timeLimit * rounds,
    markInterruptAsFailure: true,
  })
}

function runsOf({ capabilities }: Trial, runs: number): number {
  const most = Math.max(fewestRuns, capabilities.propertyRuns ?? runs)
  return Math.min(runs, most) * rounds
}
