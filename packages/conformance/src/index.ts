import { appendLaws } from './log/append.ts'
import { expectedRevisionLaws } from './log/expected.ts'
import { raceLaws } from './log/races.ts'
import { leaseLaws } from './leases.ts'
import { progressLaws } from './progress.ts'
import { register } from './register.ts'
import type { Capabilities, MakeStore } from './subject.ts'

export type { Capabilities, MakeStore, StoreInProcesses, StoreModule, StoreOptions } from './subject.ts'

/** Tests the log. */
export function logConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  register(`${name}: appends`, appendLaws, makeStore, capabilities)
  register(`${name}: expected revisions`, expectedRevisionLaws, makeStore, capabilities)
  register(`${name}: races`, raceLaws, makeStore, capabilities)
}

/** Tests checkpoints and parked events. */
export function progressConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  register(`${name}: progress`, progressLaws, makeStore, capabilities)
}

/** Tests the leases. */
export function leasesConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  register(`${name}: leases`, leaseLaws, makeStore, capabilities)
}

/**
 * Tests every port of a store.
 *
 * ```ts
 * storeConformance('sqlite', ({ database }) => sqliteStore({ path: `${folder}/${database}.db` }), { durable: true })
 * ```
 *
 * HEADWATER_CONFORMANCE_ROUNDS (default 1) makes the tests that repeat something repeat it so many times more often.
 */
export function storeConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  logConformance(name, makeStore, capabilities)
  progressConformance(name, makeStore, capabilities)
  leasesConformance(name, makeStore, capabilities)
}
