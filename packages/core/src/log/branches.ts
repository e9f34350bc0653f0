/**
 * The port of branches: what the log would be like. A branch is its parent up to a position, its base, and a tail of its
 * own from there on; making one writes one row, however long the log is.
 *
 * What comes before a base is never changed, so nobody has to look at it under the write lock: `branched` reads a branch's
 * past from its parents, checks the older part of conditions and command ids there, and gives appends the revisions that
 * their streams come with. What is left to a store, for which this is the whole list:
 *
 * - A row for each branch, unique by tenant and name. Ids rise and are never given twice, 0 is main.
 * - An append to a branch fails with `branch.unknown` unless its row is there, which is looked up in the append's own
 *   transaction; on main nothing is looked up. Where the tail has no event yet, its positions go on after `base`, and its
 *   recorded times after `baseRecordedAt`; where a stream has none in it, its revisions go on after `inherited`.
 * - Reads of one branch give its tail alone, with the positions and revisions that it has; of a branch that isn't there,
 *   nothing. Those of `to` end where it says.
 * - `drop` hides the row at once and then deletes what is keyed by the branch, in all tables.
 */
export interface Branches {
  /** Within one transaction: what the row says of the parent is so when it is written. */
  create(branch: NewBranch): Promise<BranchCreated>
  /** A branch by its name; undefined: there is none. */
  find(tenant: string, name: string): Promise<BranchRow | undefined>
  /** A branch by its id; undefined: there is none. */
  get(id: number): Promise<BranchRow | undefined>
  /** In the order of their names' code points. */
  list(query: BranchesQuery): Promise<readonly BranchRow[]>
  /** Moves the clock of a branch, to so many milliseconds from everybody's. False: there is no such branch. */
  setClock(id: number, offset: number): Promise<boolean>
  /**
   * Forgets a branch and all that is on it. From the first moment nobody finds it and nobody appends to it; what it leaves is
   * then deleted in steps that hold up nobody. What a process leaves that is killed in between, the next drop takes along.
   */
  drop(id: number): Promise<BranchDropped>
}

export interface NewBranch {
  readonly tenant: string
  readonly name: string
  /** 0: main. */
  readonly parent: number
  /** Where it begins; undefined: at the parent's head. */
  readonly base: BranchBase | undefined
  /** Milliseconds from everybody's clock to the branch's. */
  readonly clock: number
  readonly actor: string | null
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A place in the parent's history, which doesn't change any more. */
export interface BranchBase {
  /** Of the parent's last event that the branch has; 0: of none. */
  readonly position: number
  /** Epoch milliseconds at which that event was recorded; undefined: there is none. */
  readonly recordedAt: number | undefined
  /** Of the last command that was decided before anything beyond the position was recorded. */
  readonly sequence: number
}

export interface BranchRow extends Omit<NewBranch, 'base'> {
  readonly id: number
  readonly base: BranchBase
}

export type BranchCreated =
  | { readonly status: 'created'; readonly branch: BranchRow }
  /** The tenant has a branch of this name. */
  | { readonly status: 'taken' }
  /** There is no such parent. */
  | { readonly status: 'no-parent' }

/** `parent`: others begin on it, and would lose their past. */
export type BranchDropped = 'dropped' | 'unknown' | 'parent'

export interface BranchesQuery {
  /** Undefined: of all tenants, by their names first. */
  readonly tenant: string | undefined
  /** The last one of the page before; undefined: from the first one on. */
  readonly after: Pick<BranchRow, 'tenant' | 'name'> | undefined
  readonly limit: number
}
