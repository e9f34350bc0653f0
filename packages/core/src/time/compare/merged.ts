/** The type of the fact that a branch was merged: which, by whom, why, and what of it. */
export const mergedType = '$merged'

/** The stream in which it is recorded what of a branch was merged. */
export function mergesOf(branch: number): string {
  return `$branch-${branch}`
}

/** The data of a merge, as the log keeps it. */
export interface MergedData {
  readonly branch: string
  readonly why: string
  /** The ids of the commands and appends whose events, or amendments, were taken over. */
  readonly taken: readonly string[]
  /** What was left out because the other side was to have its way. */
  readonly left: readonly string[]
}
