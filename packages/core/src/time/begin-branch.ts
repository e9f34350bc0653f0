import type { BranchBase, BranchCreated, Branches, BranchRow } from '../log/branches.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { HeadwaterError } from '../message/errors.ts'
import { describeMoment, type Moment } from '../message/moment.ts'
import { sequenceAt } from './command-place.ts'

export interface Beginning extends Pick<BranchRow, 'tenant' | 'name' | 'actor' | 'createdAt'> {
  /** Undefined: main. */
  readonly parent: BranchRow | undefined
  /** Undefined: the parent's end. */
  readonly at: Moment | undefined
}

type BranchingStore = Pick<Store, 'log' | 'commands'> & { readonly branches: Branches }

/**
 * Begins a branch on the part of the history that has the place: on the parent's own parent, where the parent begins later.
 * The clock goes on as the parent's.
 *
 * @throws HeadwaterError `time.not-yet`
 */
export async function beginBranch(
  store: BranchingStore,
  { parent, at, ...named }: Beginning,
): Promise<BranchCreated> {
  const from = { parent: parent?.id ?? mainBranch, clock: parent?.clock ?? 0 }
  if (at === undefined) return store.branches.create({ ...named, ...from, base: undefined })
  const base = await baseAt(store, from.parent, at)
  return store.branches.create({ ...named, ...from, parent: await ownerOf(store, parent, base), base })
}

/** What had been recorded up to a position, or by a time. */
async function baseAt({ log, commands }: BranchingStore, branch: number, at: Moment): Promise<BranchBase> {
  const head = await log.head(branch)
  const position = typeof at === 'number' ? at : (await log.positionAt(branch, at.getTime() + 1)) - 1
  if (position > head.position) {
    const message = `Nothing is recorded yet at ${describeMoment(at)}: the log ends at position ${head.position}`
    throw new HeadwaterError('time.not-yet', message, { details: { at, head: head.position } })
  }
  const [event] = position === 0 ? [] : await log.readAt({ branch, positions: [position] })
  const sequence = await sequenceAt(commands, branch, position)
  return { position, recordedAt: event?.recordedAt, sequence }
}

/** The nearest branch, from a parent upwards, that recorded something up to a place itself. */
async function ownerOf(
  { branches }: BranchingStore,
  parent: BranchRow | undefined,
  base: BranchBase,
): Promise<number> {
  let owner = parent
  while (owner !== undefined && base.position < owner.base.position)
    owner = owner.parent === mainBranch ? undefined : await branches.get(owner.parent)
  return owner?.id ?? mainBranch
}
