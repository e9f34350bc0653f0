import { describe, test } from 'vitest'
import { reasonToSkip, type Law } from './law.ts'
import type { Capabilities, MakeStore } from './subject.ts'
import { timeLimitOf, Trial } from './trial.ts'

/** Makes a test of each law. */
export function register(
  name: string,
  laws: readonly Law[],
  makeStore: MakeStore,
  capabilities: Capabilities,
): void {
  describe(`${name}`, () => {
    for (const law of laws) {
      const reason = reasonToSkip(law, capabilities)
      const because = reason === undefined ? '' : ` (skipped: ${reason})`
      const options = { skip: reason !== undefined, timeout: timeLimitOf(capabilities) }
      // oxlint-disable-next-line vitest/expect-expect -- a law throws where it is broken
      test(`${law.sentence}${because}`, options, () => hold(law, makeStore, capabilities))
    }
  })
}

/** Checks a law in a trial of its own. */
export async function hold(law: Law, makeStore: MakeStore, capabilities: Capabilities): Promise<void> {
  await Trial.hold(makeStore, capabilities, law.check)
}
