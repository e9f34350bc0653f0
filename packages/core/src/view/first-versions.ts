import { HeadwaterError } from '../message/errors.ts'
import { mainBranch } from '../log/port.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import type { Store } from '../log/store.ts'
import type { ViewHost } from './host.ts'
import type { StoredVersions, VersionsChange, VersionsSnapshot } from './stored-versions.ts'

/** Who makes versions, and when. */
export interface Maker {
  readonly owner: string
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** The next version of a view, as its code has it. */
export function newVersion(
  { view, own }: ViewHost,
  version: number,
  state: ViewVersion['state'],
  options: string,
  { owner, now }: Maker,
): ViewVersion {
  return {
    view: view.name,
    version,
    state,
    collection: `${view.name}@${version}`,
    processor: version === 1 ? view.name : `${view.name}@${version}`,
    lifecycle: own.lifecycle,
    code: own.code,
    types: view.events.map(({ type }) => type),
    options,
    madeBy: owner,
    madeAt: now(),
    changedAt: now(),
    reason: null,
    fencedUntil: null,
  }
}

/**
 * Gives each view that has none its first version, which is read at once: an asynchronous one catches up while it is read.
 * An inline one is current from its first moment on, so where the log already holds events for it, it is built first.
 * What format 1 of a database left, of which it is not known what made it, is taken for the code's own.
 */
export async function makeFirstVersions(
  hosts: readonly ViewHost[],
  versions: StoredVersions,
  store: Store,
  maker: Maker,
): Promise<void> {
  // Alone and with nothing in the way in nearly all cases: an app that is opened again.
  if (firstVersions(hosts, versions.snapshot, new Set(), maker) === undefined) return
  for (;;) {
    const behind = await behindTheLog(hosts, store)
    const inline = hosts.filter(({ own, view }) => own.lifecycle === 'inline' && !behind.has(view.name))
    const types = inline.flatMap(({ view }) => view.events.map(({ type }) => type))
    const changed = await versions.change((snapshot) => {
      const first = firstVersions(hosts, snapshot, behind, maker)
      return first && { ...first, unlessEvents: { types, after: 0 } }
    })
    // An event came between the look and the change: then there is something to build.
    if (changed?.status !== 'events') return
  }
}

function firstVersions(
  hosts: readonly ViewHost[],
  snapshot: VersionsSnapshot,
  behind: ReadonlySet<string>,
  maker: Maker,
): VersionsChange | undefined {
  const put = hosts.flatMap((host): ViewVersion[] => {
    const [last] = snapshot.of(host.view.name).slice(-1)
    if (last === undefined) {
      const state = behind.has(host.view.name) ? 'building' : 'current'
      return [newVersion(host, 1, state, '{"withParked":false}', maker)]
    }
    return last.code === '' ? [adopted(last, host)] : []
  })
  return put.length === 0 ? undefined : { put }
}

/** That a processor fed it is known for sure where there is a checkpoint; that appends did is only believed. */
function adopted(version: ViewVersion, { view, own }: ViewHost): ViewVersion {
  return {
    ...version,
    code: own.code,
    lifecycle: version.lifecycle === 'async' ? 'async' : own.lifecycle,
    types: view.events.map(({ type }) => type),
  }
}

/** The inline views without a version for which the log holds events. */
async function behindTheLog(hosts: readonly ViewHost[], store: Store): Promise<ReadonlySet<string>> {
  const behind = new Set<string>()
  for (const { view, own, role } of hosts) {
    if (own.lifecycle !== 'inline' || role.read !== undefined) continue
    const types = view.events.map(({ type }) => type)
    let after = 0
    for (;;) {
      const page = await store.log.read({ branch: mainBranch, tenant: undefined, after, limit: 1, types })
      if (page.events.length > 0) behind.add(view.name)
      if (page.events.length > 0 || page.scannedTo >= page.head) break
      after = page.scannedTo
    }
  }
  return behind
}

/** What is said about a view whose code has changed. */
export function changedView({ view, role }: ViewHost): HeadwaterError {
  const { current, state } = role
  const details = { view: view.name, version: current?.version, code: view.code, stored: current?.code }
  if (state === 'replaced') {
    return new HeadwaterError(
      'view.superseded',
      `The code of view ${view.name} gave way to version ${current?.version}: this process reads that one, and leaves it to others to feed it`,
      { details },
    )
  }
  const what =
    current?.code === view.code
      ? `is fed ${current.lifecycle === 'inline' ? 'inline' : 'by a processor'} and should no longer be`
      : 'was made by other code than this'
  return new HeadwaterError('view.changed', `Version ${current?.version} of view ${view.name} ${what}`, {
    details,
  })
}
