import type { MergePlan } from './plan.ts'

/**
 * Says who may merge what: true, or why not. It is asked with the whole plan, on main and on branches that others are merged
 * into, right before anything is recorded; where what it was asked about has moved meanwhile, again.
 */
export type MayMerge = (
  plan: MergePlan,
  who: { readonly actor: string | null; readonly tenant: string },
) => boolean | string | Promise<boolean | string>

/** Lets be merged what all of them do; the first one that doesn't says why. */
export function allOf(rules: readonly (MayMerge | undefined)[]): MayMerge {
  return async (plan, who) => {
    for (const rule of rules) {
      const may = (await rule?.(plan, who)) ?? true
      if (may !== true) return may
    }
    return true
  }
}
