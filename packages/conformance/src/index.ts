import { contract } from './laws.ts'
import { register } from './register.ts'
import type { Capabilities, MakeStore } from './subject.ts'

export type { Capabilities, MakeStore, StoreInProcesses, StoreModule, StoreOptions } from './subject.ts'

export { viewStoreConformance } from './view-store/register.ts'
export type {
  MakeViewStore,
  ViewStoreCapabilities,
  ViewStoreModule,
  ViewStoreOptions,
} from './view-store/subject.ts'

/**
 * Tests every port of a store.
 *
 * ```ts
 * storeConformance('sqlite', ({ database }) => sqliteStore({ path: `${folder}/${database}.db` }), { durable: true })
 * ```
 *
 * HEADWATER_CONFORMANCE_ROUNDS (default 1) makes the tests that repeat something repeat it so many times more often.
 *
 * @param makeStore opens the store; every test asks for a database of a new name
 * @param capabilities what the store can do beyond the ports; tests that need more are skipped, and say why
 */
export function storeConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  for (const port of ports) portConformance(port, name, makeStore, capabilities)
}

/** Tests one port: a store that takes a while is tested by several files at once. */
export function portConformance(
  port: Port,
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  for (const [about, laws] of contract[port]) register(`${name}: ${about}`, laws, makeStore, capabilities)
}

/** Tests the log: appends, expected revisions, conditions, reads, races, whole histories. */
export function logConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  portConformance('log', name, makeStore, capabilities)
}

/** Tests the command log. */
export function commandLogConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('commandLog', name, makeStore, capabilities)
}

/** Tests branches. */
export function branchesConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('branches', name, makeStore, capabilities)
}

/** Tests the log and the command log on branches of branches: what holds of main holds there. */
export function branchedLogConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('branchesOfBranches', name, makeStore, capabilities)
}

/** Tests the documents of views. */
export function documentsConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('documents', name, makeStore, capabilities)
}

/** Tests checkpoints and parked events. */
export function progressConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('progress', name, makeStore, capabilities)
}

/** Tests the leases. */
export function leasesConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  portConformance('leases', name, makeStore, capabilities)
}

/** Tests the tables of users. */
export function sqlConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  portConformance('sql', name, makeStore, capabilities)
}

/** Tests the snapshots of streams. */
export function snapshotsConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('snapshots', name, makeStore, capabilities)
}

/** Tests the snapshots of memory images. */
export function imagesConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  portConformance('images', name, makeStore, capabilities)
}

/** Tests sealing and verifying segments of the log. */
export function segmentsConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('segments', name, makeStore, capabilities)
}

/** Tests the journal of calls to the outside. */
export function externalsConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('externals', name, makeStore, capabilities)
}

/** Tests the versions of views. */
export function viewVersionsConformance(
  name: string,
  makeStore: MakeStore,
  capabilities: Capabilities = {},
): void {
  portConformance('viewVersions', name, makeStore, capabilities)
}

/** Tests what happens when a store is closed, opened again, killed, or shared by several processes. */
export function lifeConformance(name: string, makeStore: MakeStore, capabilities: Capabilities = {}): void {
  portConformance('life', name, makeStore, capabilities)
}

/** A part of what a store is. */
export type Port = keyof typeof contract

/** All of them, in the order in which {@link storeConformance} tests them. */
export const ports: readonly Port[] = [
  'log',
  'commandLog',
  'branches',
  'branchesOfBranches',
  'documents',
  'progress',
  'leases',
  'snapshots',
  'images',
  'segments',
  'externals',
  'sql',
  'viewVersions',
  'life',
]
