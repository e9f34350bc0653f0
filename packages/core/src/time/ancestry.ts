import type { BranchRow } from '../log/branches.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'

/** One that a branch has its past from, or itself. */
export interface Ancestor {
  readonly id: number
  /** What happened there later is not in the branch's past: epoch milliseconds. */
  readonly until: number
}

/** A branch, its parent and so on, up to main. */
export async function* nearestFirst(
  { branches }: Pick<Store, 'branches'>,
  branch: BranchRow,
): AsyncGenerator<Ancestor> {
  let until = Number.POSITIVE_INFINITY
  for (let row: BranchRow | undefined = branch; row !== undefined; row = await branches?.get(row.parent)) {
    yield { id: row.id, until }
    until = Math.min(until, row.createdAt)
    if (row.parent === mainBranch) break
  }
  yield { id: mainBranch, until }
}

/** The last position that a branch has of main, through all of its parents. */
export async function mainBase({ branches }: Pick<Store, 'branches'>, branch: BranchRow): Promise<number> {
  let base = branch.base.position
  let row: BranchRow | undefined = branch
  while (row !== undefined && row.parent !== mainBranch) {
    row = await branches?.get(row.parent)
    base = Math.min(base, row?.base.position ?? base)
  }
  return base
}
