import type { HeadwaterError } from './errors.ts'
import type { AnyEventType } from './event.ts'
import { newerVersion } from './upcast.ts'

/** The schema versions that this code knows, by event type. */
export type KnownVersions = ReadonlyMap<string, number>

export function versionsOf(types: readonly AnyEventType[]): KnownVersions {
  return new Map(types.map(({ type, version }) => [type, version]))
}

/**
 * A fold or a handler must not guess at data that a newer version of the code wrote.
 *
 * @throws HeadwaterError `event.newer-version`
 */
export function requireKnown(
  versions: KnownVersions,
  { type, version }: { type: string; version: number },
  who: string,
): void {
  const newer = newerThanKnown(versions, { type, version }, who)
  if (newer !== undefined) throw newer
}

/** Undefined: this code knows what the event holds. */
export function newerThanKnown(
  versions: KnownVersions,
  { type, version }: { type: string; version: number },
  who: string,
): HeadwaterError | undefined {
  const known = versions.get(type)
  return known !== undefined && version > known ? newerVersion(who, type, known, version) : undefined
}
