import { HeadwaterError } from '../message/errors.ts'

/**
 * What a process can do for an app beside answering calls. Any number of processes may have the same role: they share the
 * work, and when one ends the others go on with its part.
 * - `views`: keeps asynchronous views up to date and rebuilds them.
 * - `subscriptions`: runs asynchronous subscriptions, which have effects.
 * - `snapshots`: takes the daily snapshots of streams.
 * - `images`: keeps the app's memory images, each process its own; who answers queries that read them needs it.
 */
export const roles = Object.freeze(['views', 'subscriptions', 'snapshots', 'images'] as const)

export type Role = (typeof roles)[number]

export interface RoleOptions {
  /** What this process does for the app beside answering calls. Default: all roles. */
  readonly roles?: readonly Role[]
  /** False: without `views`, `subscriptions` and `snapshots`. */
  readonly processors?: boolean
  /** False: without `images`. */
  readonly images?: boolean
}

const processing: readonly Role[] = ['views', 'subscriptions', 'snapshots']

/** @throws HeadwaterError `app.invalid` for a role that there is not */
export function rolesOf({ roles: chosen = roles, processors, images }: RoleOptions): ReadonlySet<Role> {
  const unknown = chosen.find((role) => !roles.includes(role))
  if (unknown !== undefined)
    throw new HeadwaterError('app.invalid', `There is no role ${unknown}, only ${roles.join(', ')}`)
  return new Set(
    chosen.filter(
      (role) =>
        (processors !== false || !processing.includes(role)) && (images !== false || role !== 'images'),
    ),
  )
}
