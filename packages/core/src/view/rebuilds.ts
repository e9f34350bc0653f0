import { HeadwaterError } from '../message/errors.ts'
import { mainBranch } from '../log/port.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import { isPartitionLease, leasePrefix } from '../process/lease-names.ts'
import type { RunnerParts } from '../process/runner.ts'
import { buildOptionsOf, withOptions } from './build-options.ts'
import { type Maker, newVersion } from './first-versions.ts'
import type { ViewHost } from './host.ts'
import { presenceOf } from './presence.ts'
import type { RebuildOptions } from './rebuild.ts'
import type { StoredVersions, VersionsSnapshot } from './stored-versions.ts'
import { isMadeBy } from './version-role.ts'

export interface RebuildParts {
  readonly runner: RunnerParts
  readonly versions: StoredVersions
  readonly maker: Maker
  /** Milliseconds for which a replaced version is kept, unless told otherwise. */
  readonly grace: number
}

/**
 * Begins to fold the whole log into a new version, or joins what is under way.
 *
 * @returns the version that is built
 * @throws HeadwaterError `view.other-tenants`, `view.rebuild-running`
 */
export async function beginRebuild(
  host: ViewHost,
  options: RebuildOptions,
  parts: RebuildParts,
): Promise<ViewVersion> {
  const { view, own } = host
  if (options.allTenants !== true) await requireNoOtherTenants(view.name, parts)
  const stored = withOptions('{}', {
    grace: options.grace ?? parts.grace,
    ...(options.switch && { switch: options.switch }),
    ...(options.withParked !== undefined && { withParked: options.withParked }),
  })
  const abandoned = await abandonedBuild(view.name, parts)
  await parts.versions.change((snapshot) => {
    const building = buildingOf(snapshot, view.name)
    if (building !== undefined && isMadeBy(own, building)) return undefined
    if (building !== undefined && building.version !== abandoned) throw running(building)
    const number = 1 + Math.max(0, ...snapshot.of(view.name).map(({ version }) => version))
    const made = newVersion(host, number, 'building', stored, parts.maker)
    return { put: [...instead(building, number, parts), made] }
  })
  const building = buildingOf(parts.versions.snapshot, view.name)
  // It may have taken over already: whoever asks about it is told so.
  return building ?? lastOf(parts.versions.snapshot, view.name)
}

/** Has a version catch up, if it has to, and take over. */
export async function beginSwitch(
  host: ViewHost,
  number: number,
  options: Pick<RebuildOptions, 'allTenants' | 'withParked'>,
  parts: RebuildParts,
): Promise<ViewVersion> {
  const { name } = host.view
  if (options.allTenants !== true) await requireNoOtherTenants(name, parts)
  const abandoned = await abandonedBuild(name, parts)
  await parts.versions.change((snapshot) => {
    const version = findVersion(snapshot, name, number)
    if (version.state === 'current') return undefined
    if (version.state === 'failed') throw unknownVersion(name, number)
    const building = buildingOf(snapshot, name)
    const other = building?.version === number ? undefined : building
    if (other !== undefined && other.version !== abandoned) throw running(other)
    const changed = { switch: 'caught-up', ...(options.withParked && { withParked: true }) } as const
    const asked: ViewVersion = {
      ...version,
      state: 'building',
      changedAt: parts.maker.now(),
      options: withOptions(version.options, changed),
    }
    return { put: [...instead(other, number, parts), asked] }
  })
  return findVersion(parts.versions.snapshot, name, number)
}

/** Gives up a version that is being built, or drops one that was retired. */
export async function giveUp(
  { view }: ViewHost,
  number: number,
  reason: string,
  { versions, maker }: RebuildParts,
): Promise<void> {
  await versions.change((snapshot) => {
    const version = findVersion(snapshot, view.name, number)
    if (version.state === 'failed') return undefined
    if (version.state === 'current') {
      throw new HeadwaterError(
        'view.version-current',
        `Version ${number} of view ${view.name} is the one that is read`,
        { details: { view: view.name, version: number } },
      )
    }
    return { put: [givenUp(version, reason, maker.now())] }
  })
}

/** Takes the current version for one of this code. */
export async function acceptCurrent(host: ViewHost, { versions }: RebuildParts): Promise<void> {
  await versions.change((snapshot) => {
    const current = snapshot.of(host.view.name).find(({ state }) => state === 'current')
    if (current === undefined || current.code === host.own.code) return undefined
    return { put: [{ ...current, code: host.own.code, types: host.view.events.map(({ type }) => type) }] }
  })
}

/** The number of the version that is being built and that no living process works on. */
async function abandonedBuild(view: string, parts: RebuildParts): Promise<number | undefined> {
  const building = buildingOf(parts.versions.snapshot, view)
  return building !== undefined && (await isNobodyAt(building, parts)) ? building.version : undefined
}

/** One that was being built is given up for another; one that was to be switched back to is retired again. */
function instead(
  building: ViewVersion | undefined,
  number: number,
  { maker }: RebuildParts,
): readonly ViewVersion[] {
  return building === undefined ? [] : [givenUp(building, `Version ${number} is built instead`, maker.now())]
}

function givenUp(version: ViewVersion, reason: string, now: number): ViewVersion {
  const wasRetired = version.state === 'building' && buildOptionsOf(version.options).keptUntil > 0
  const given = { changedAt: now, fencedUntil: null }
  return wasRetired
    ? { ...version, ...given, state: 'retired' }
    : { ...version, ...given, state: 'failed', reason }
}

export function findVersion(snapshot: VersionsSnapshot, view: string, number: number): ViewVersion {
  const version = snapshot.find(view, number)
  if (version === undefined) throw unknownVersion(view, number)
  return version
}

export function buildingOf(snapshot: VersionsSnapshot, view: string): ViewVersion | undefined {
  return snapshot.of(view).find(({ state }) => state === 'building')
}

function lastOf(snapshot: VersionsSnapshot, view: string): ViewVersion {
  const last = snapshot.of(view).at(-1)
  if (last === undefined) throw unknownVersion(view, 1)
  return last
}

function unknownVersion(view: string, version: number): HeadwaterError {
  return new HeadwaterError('view.version-unknown', `View ${view} has no version ${version} to be read`, {
    details: { view, version },
  })
}

function running({ view, version, madeBy }: ViewVersion): HeadwaterError {
  return new HeadwaterError(
    'view.rebuild-running',
    `Version ${version} of view ${view} is being built by other code, since ${madeBy}`,
    { details: { view, version, madeBy } },
  )
}

/** Whether no living process builds or feeds the version. */
export async function isNobodyAt(
  { processor, collection, state, lifecycle }: ViewVersion,
  { runner }: RebuildParts,
): Promise<boolean> {
  const { leases } = runner.store
  const isFedInline = state === 'current' && lifecycle === 'inline'
  const presence = presenceOf(collection)
  const held = await leases.held(isFedInline ? presence : leasePrefix)
  return !held.some(({ name }) => (isFedInline ? name === presence : isPartitionLease(processor, name)))
}

/** @throws HeadwaterError `view.other-tenants` */
async function requireNoOtherTenants(view: string, { runner }: RebuildParts): Promise<void> {
  const tenants = await runner.store.log.listTenants({ branch: mainBranch, after: undefined, limit: 2 })
  const others = tenants.filter((tenant) => tenant !== '')
  if (others.length === 0) return
  throw new HeadwaterError(
    'view.other-tenants',
    `The log holds events of other tenants: a rebuild of view ${view} makes the documents of all of them anew`,
    { details: { view } },
  )
}
