import { HeadwaterError } from '../message/errors.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import { withOptions } from './build-options.ts'
import type { StoredVersions, VersionsSnapshot } from './stored-versions.ts'

/**
 * Retires inline views that an app, which records their events, doesn't have any more: their documents would miss what it
 * appends. An app that has one again builds it anew.
 *
 * @param kept the names of the views that this process keeps
 * @param recorded the event types that the app records itself
 * @param grace milliseconds for which they can be read on
 * @returns what is to be said about it
 */
export async function letGo(
  kept: ReadonlySet<string>,
  recorded: ReadonlySet<string>,
  versions: StoredVersions,
  now: number,
  grace: number,
): Promise<readonly HeadwaterError[]> {
  const left = leftBehind(kept, versions.snapshot).filter(({ types }) =>
    types.some((type) => recorded.has(type)),
  )
  if (left.length === 0) return []
  await versions.change((snapshot) => {
    const put = left.flatMap(({ view, version }): ViewVersion[] => {
      const known = snapshot.find(view, version)
      if (known?.state !== 'current') return []
      const options = withOptions(known.options, { keptUntil: now + grace })
      return [{ ...known, state: 'retired', changedAt: now, options }]
    })
    return put.length === 0 ? undefined : { put }
  })
  return left.map(
    ({ view, version }) =>
      new HeadwaterError(
        'view.let-go',
        `The inline view ${view} is not in this app, which records its events: it stands still from now on`,
        { details: { view, version } },
      ),
  )
}

/** The inline views that are fed by appends of apps that have them, and not by this process. */
export function leftBehind(kept: ReadonlySet<string>, { all }: VersionsSnapshot): readonly ViewVersion[] {
  return all.filter(
    ({ view, state, lifecycle }) => state === 'current' && lifecycle === 'inline' && !kept.has(view),
  )
}
