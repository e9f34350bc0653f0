import { commandLogLaws } from './command-log.ts'
import { documentLaws } from './documents/documents.ts'
import { filterLaws } from './documents/filters.ts'
import { orderLaws } from './documents/order.ts'
import { historyLaws } from './history/history.ts'
import { appendLaws } from './log/append.ts'
import { conditionLaws } from './log/conditions.ts'
import { inlineDocumentLaws } from './log/documents.ts'
import { expectedRevisionLaws } from './log/expected.ts'
import { isolationLaws } from './log/isolation.ts'
import { raceLaws } from './log/races.ts'
import { readLaws } from './log/read.ts'
import { lifeLaws } from './life.ts'
import { crashLaws } from './processes/crashes.ts'
import { patienceLaws } from './processes/patience.ts'
import { processRaceLaws } from './processes/races.ts'
import { leaseLaws } from './leases.ts'
import { progressLaws } from './progress.ts'
import { register } from './register.ts'
import type { Capabilities, MakeStore } from './subject.ts'

export type { Capabilities, MakeStore, StoreInProcesses, StoreModule, StoreOptions } from './subject.ts'

/** Tests the log. */
export function logConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  register(`${name}: appends`, appendLaws, makeStore, capabilities)
  register(`${name}: expected revisions`, expectedRevisionLaws, makeStore, capabilities)
  register(`${name}: conditions`, conditionLaws, makeStore, capabilities)
  register(`${name}: documents of an append`, inlineDocumentLaws, makeStore, capabilities)
  register(`${name}: reads`, readLaws, makeStore, capabilities)
  register(`${name}: tenants and branches`, isolationLaws, makeStore, capabilities)
  register(`${name}: races`, raceLaws, makeStore, capabilities)
  register(`${name}: histories`, historyLaws, makeStore, capabilities)
}

/** Tests the command log. */
export function commandLogConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  register(`${name}: commands`, commandLogLaws, makeStore, capabilities)
}

/** Tests the documents of views. */
export function documentsConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  register(`${name}: documents`, documentLaws, makeStore, capabilities)
  register(`${name}: filters`, filterLaws, makeStore, capabilities)
  register(`${name}: order and pages`, orderLaws, makeStore, capabilities)
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

/** Tests what happens when a store is closed, opened again, killed, or shared by several processes. */
export function lifeConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  register(`${name}: closing and opening`, lifeLaws, makeStore, capabilities)
  register(`${name}: several processes`, processRaceLaws, makeStore, capabilities)
  register(`${name}: crashes`, crashLaws, makeStore, capabilities)
  register(`${name}: patience`, patienceLaws, makeStore, capabilities)
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
  commandLogConformance(name, makeStore, capabilities)
  documentsConformance(name, makeStore, capabilities)
  progressConformance(name, makeStore, capabilities)
  leasesConformance(name, makeStore, capabilities)
  lifeConformance(name, makeStore, capabilities)
}
