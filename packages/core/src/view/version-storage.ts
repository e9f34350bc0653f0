import type { ViewVersion } from '../log/view-versions.ts'
import { mainBranch } from '../log/port.ts'
import type { Documents, Store } from '../log/store.ts'
import type { ProcessorPlan } from '../process/plan.ts'
import type { RunnerParts } from '../process/runner.ts'
import type { ViewParts } from './view-parts.ts'
import { viewPlan } from './view-plan.ts'
import type { View } from './view.ts'

/** `live`: as soon as it can. `build`: in slices, so that those who are served meanwhile hardly notice. */
export type Pace = 'live' | 'build'

/** Where the documents of a view's versions are, and who folds into them. */
export interface VersionStorage {
  /** Makes the place for a version's documents, where it is missing. */
  define(version: ViewVersion): Promise<void>
  /** The processor that folds the log into a version. */
  plan(version: ViewVersion, pace: Pace): ProcessorPlan
  /** What the processor of a version keeps its progress in; default: Headwater's store. */
  storeOf?(version: ViewVersion): Store
  /** Deletes the place with all that is in it. */
  drop(version: ViewVersion): Promise<void>
}

let runners = 0

/**
 * What a version's processor is run with: a name of its own as the owner of leases. Two of one process, one that ends and
 * one that begins, would else hold the same lease, and the first would let go of the other's.
 */
export function runnerFor(storage: VersionStorage, version: ViewVersion, runner: RunnerParts): RunnerParts {
  const owner = `${runner.owner}#${++runners}`
  return { ...runner, owner, ...(storage.storeOf && { store: storage.storeOf(version) }) }
}

/** The documents of each version in a collection of their own, in Headwater's store. */
export function documentStorage(
  view: View,
  documents: Documents,
  parts: Omit<ViewParts, 'processor' | 'collection' | 'documents'>,
): VersionStorage {
  return {
    define: ({ collection }) => documents.define(collection, view.indexes, view.search.length > 0),
    plan: ({ processor, collection }, pace) =>
      viewPlan(view, { ...parts, processor, collection, documents, pace }),
    drop: ({ collection }) => documents.drop(collection),
  }
}

/** In Headwater's own store, where documents can be written beside their checkpoint as well as with it. */
export function ownStorage(
  view: View,
  { documents, progress }: Store,
  parts: Omit<ViewParts, 'processor' | 'collection' | 'documents'>,
): VersionStorage {
  const storage = documentStorage(view, documents, parts)
  const plan: VersionStorage['plan'] = (version, pace) => {
    if (pace === 'live') return storage.plan(version, pace)
    const { processor, collection } = version
    const nothing = { checkpoint: undefined, park: [], unpark: [] }
    const commitAhead: ViewParts['commitAhead'] = (fence, written) =>
      progress.commit({ ...nothing, ...fence, processor, branch: mainBranch, documents: written })
    return viewPlan(view, { ...parts, processor, collection, documents, pace, commitAhead })
  }
  return { ...storage, plan }
}
