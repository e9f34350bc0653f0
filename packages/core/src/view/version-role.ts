import type { ViewVersion } from '../log/view-versions.ts'

/** What happens when an app is opened whose code would make other documents than those that are stored. */
export type OnChangedView = 'warn' | 'rebuild' | 'refuse'

/**
 * How the code of this process stands to the version that is read.
 * - `same`: it made it.
 * - `changed`: it is another, which has made no version yet.
 * - `replaced`: it is another, and the version that it made, or was opened on, gave way to this one.
 * - `none`: no version is read yet.
 */
export type CodeState = 'same' | 'changed' | 'replaced' | 'none'

/** The code of a view, as far as its versions depend on it. */
export interface ViewCode {
  readonly code: string
  readonly lifecycle: 'async' | 'inline'
}

/** What this process has to do with the versions of one view. */
export interface VersionRole {
  readonly state: CodeState
  readonly current: ViewVersion | undefined
  /** The version that is read: the current one, or, where there is none, the last one that was. */
  readonly read: ViewVersion | undefined
  /** Whether this process may bring the current version up to date. */
  readonly mayFeed: boolean
  /** The version that this process' code can build. */
  readonly building: ViewVersion | undefined
}

/**
 * @param versions of one view, in the order of their numbers
 * @param openedOn the version that was current when this process was opened; undefined: there was none
 */
export function roleOf(
  own: ViewCode,
  versions: readonly ViewVersion[],
  openedOn: number | undefined,
  onChanged: OnChangedView,
): VersionRole {
  const current = versions.find(({ state }) => state === 'current')
  const state = stateOf(own, versions, current, openedOn)
  return {
    state,
    current,
    read: current ?? lastRetired(versions),
    // Where only the way in which it is fed is another, it is fed as it was.
    mayFeed: current?.code === own.code || (state === 'changed' && onChanged === 'warn'),
    building: versions.find((version) => version.state === 'building' && isMadeBy(own, version)),
  }
}

/** Whether the code makes the documents of the version, in the way in which the version is fed. */
export function isMadeBy({ code, lifecycle }: ViewCode, version: ViewVersion): boolean {
  return version.code === code && version.lifecycle === lifecycle
}

function stateOf(
  own: ViewCode,
  versions: readonly ViewVersion[],
  current: ViewVersion | undefined,
  openedOn: number | undefined,
): CodeState {
  if (current === undefined) return 'none'
  if (isMadeBy(own, current)) return 'same'
  const hasGivenWay = versions.some((version) => version.state === 'retired' && isMadeBy(own, version))
  const isAnother = openedOn !== undefined && openedOn !== current.version
  return hasGivenWay || isAnother ? 'replaced' : 'changed'
}

function lastRetired(versions: readonly ViewVersion[]): ViewVersion | undefined {
  return versions
    .filter(({ state }) => state === 'retired')
    .reduce<ViewVersion | undefined>(
      (last, version) => (last !== undefined && last.changedAt > version.changedAt ? last : version),
      undefined,
    )
}
