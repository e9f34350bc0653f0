import { HeadwaterError } from './errors.ts'
import type { AnyEventType } from './event.ts'

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
  const known = versions.get(type)
  if (known === undefined || version <= known) return
  throw new HeadwaterError(
    'event.newer-version',
    `${who} knows ${type} up to version ${known} and met version ${version}`,
    {
      details: { type, version, known },
    },
  )
}
