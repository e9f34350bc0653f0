import { mainBranch } from '../log/port.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import type { Store } from '../log/store.ts'
import { buildOptionsOf, withOptions } from './build-options.ts'
import type { ViewHost } from './host.ts'
import type { StoredVersions, VersionsSnapshot } from './stored-versions.ts'

/** Milliseconds for which a version that was replaced stays in any case, for those who have yet to hear of it. */
const leastGrace = 1_000

/**
 * Drops the documents of versions that nobody needs any more: those that were given up, and of the retired ones those
 * whose time is over or that a later one has replaced. Can be ended at any moment, and done by several processes at once.
 */
export async function sweep(
  hosts: readonly ViewHost[],
  versions: StoredVersions,
  store: Store,
  now: number,
): Promise<void> {
  for (const host of hosts) {
    const { name } = host.view
    for (const version of toDrop(versions.snapshot, name, now)) {
      // First nobody can switch to it any more; then who still folds into it is fenced, rather than told of documents that
      // are not there; then they go, then it is forgotten.
      await versions.change((snapshot) => giveUp(snapshot.find(name, version.version), now))
      await store.progress.reset(version.processor, mainBranch)
      await host.storage.drop(version)
      await versions.change((snapshot) => forget(snapshot, version))
    }
  }
}

/** Whether there are versions whose documents are to be dropped, now or later. */
export function hasOld(snapshot: VersionsSnapshot, view: string): boolean {
  return snapshot
    .of(view)
    .some(
      ({ state, options }) =>
        state === 'retired' || (state === 'failed' && !buildOptionsOf(options).isDropped),
    )
}

function toDrop(snapshot: VersionsSnapshot, view: string, now: number): readonly ViewVersion[] {
  const retired = snapshot.of(view).filter(({ state }) => state === 'retired')
  const last = Math.max(...retired.map(({ changedAt }) => changedAt))
  return snapshot.of(view).filter(({ state, options, changedAt }) => {
    const { isDropped, keptUntil } = buildOptionsOf(options)
    if (state === 'failed') return !isDropped
    return state === 'retired' && now - changedAt > leastGrace && (now >= keptUntil || changedAt < last)
  })
}

function giveUp(version: ViewVersion | undefined, now: number) {
  if (version?.state !== 'retired') return undefined
  return { put: [{ ...version, state: 'failed' as const, reason: 'Its time is over', changedAt: now }] }
}

/** The last one is remembered, so that its number is not given again. */
function forget(snapshot: VersionsSnapshot, { view, version }: ViewVersion) {
  const known = snapshot.find(view, version)
  if (known?.state !== 'failed') return undefined
  const isLast = snapshot.of(view).at(-1)?.version === version
  return isLast
    ? { put: [{ ...known, options: withOptions(known.options, { isDropped: true }) }] }
    : { remove: [{ view, version }] }
}
