import type { Branches, BranchRow } from '../log/branches.ts'
import type { Clock } from '../log/clock.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { HeadwaterError } from '../message/errors.ts'
import { scopeNamed, tenantNamed } from '../message/tenant.ts'
import { beginBranch } from '../time/begin-branch.ts'
import { BranchClock } from '../time/branch-clock.ts'
import type { BranchDifference, CompareOptions } from '../time/compare/difference.ts'
import type { MergeChoices, MergeOutcome, MergeOptions, MergePlan } from '../time/merge/plan.ts'
import type { BranchCompare } from './branch-compare.ts'
import type { BranchMerge } from './branch-merge.ts'
import type { BranchesHandle, BranchInfo, BranchListOptions, BranchOptions } from './branch.ts'
import type { Branch } from './headwater.ts'
import type { BranchDesk, OnBranch } from './branch-desk.ts'
import { BranchHandle } from './branch-handle.ts'

export interface AppBranchesParts {
  readonly store: Store
  readonly clock: Clock
  readonly compare: BranchCompare
  readonly merge: BranchMerge
  /** Runs the app on a branch. */
  readonly open: (branch: BranchRow, clock: BranchClock) => Promise<OnBranch>
}

interface Opened {
  readonly name: string
  readonly clock: BranchClock
  readonly on: Promise<OnBranch>
  /** Calls under way. */
  users: number
}

/** Branches that this process has open at most, unless more are in use. */
const mostOpen = 32
const mostListed = 1_000

/** The branches of an app: which there are, and those on which this process works. */
export class AppBranches implements BranchesHandle, BranchDesk {
  readonly #parts: AppBranchesParts
  /** By id; the one that was used last stands last. */
  readonly #open = new Map<number, Opened>()

  constructor(parts: AppBranchesParts) {
    this.#parts = parts
  }

  branch(name: string, options: { readonly tenant?: string } = {}): Branch {
    return new BranchHandle(this, checkName(name), tenantNamed(options.tenant))
  }

  async create(name: string, options: BranchOptions = {}): Promise<BranchInfo> {
    const { store, clock } = this.#parts
    const tenant = tenantNamed(options.tenant)
    const branches = this.#branches()
    const { from = 'main', at, actor = null } = options
    checkMoment(at)
    const parent = from === 'main' ? undefined : await this.find(from, tenant)
    const beginning = { tenant, name: checkName(name), actor, createdAt: clock.now(), parent, at }
    const created = await beginBranch({ log: store.log, commands: store.commands, branches }, beginning)
    if (created.status === 'no-parent') throw unknownBranch(from)
    if (created.status === 'created') return this.info(created.branch)
    throw new HeadwaterError('branch.taken', `There is a branch ${name} already`, {
      details: { branch: name },
    })
  }

  async list(options: BranchListOptions = {}): Promise<readonly BranchInfo[]> {
    const tenant = scopeNamed(options)
    const { after, limit = 100 } = options
    const rows = await this.#branches().list({
      tenant,
      after: after && { tenant: after.tenant ?? tenant ?? '', name: after.name },
      limit: Math.max(1, Math.min(Math.trunc(limit), mostListed)),
    })
    return Promise.all(rows.map((row) => this.info(row)))
  }

  /** @throws HeadwaterError `branch.unknown`, `branch.unsupported` */
  async find(name: string, tenant: string): Promise<BranchRow> {
    const row = await this.#branches().find(tenant, name)
    if (row === undefined) throw unknownBranch(name)
    return row
  }

  async info(row: BranchRow): Promise<BranchInfo> {
    const { store, clock } = this.#parts
    const parent = row.parent === mainBranch ? undefined : await this.#branches().get(row.parent)
    const { position, recordedAt } = row.base
    return {
      name: row.name,
      tenant: row.tenant,
      from: parent?.name ?? null,
      base: position,
      basedAt: recordedAt === undefined ? null : new Date(recordedAt),
      head: (await store.log.head(row.id)).position,
      now: new Date(clock.now() + row.clock),
      actor: row.actor,
      createdAt: new Date(row.createdAt),
    }
  }

  /** Sets the clock of a branch. */
  async moveTo(row: BranchRow, time: Date): Promise<BranchInfo> {
    const offset = time.getTime() - this.#parts.clock.now()
    if (!Number.isSafeInteger(Math.round(offset)))
      throw invalid('A clock is moved to a time, and this is none')
    if (!(await this.#branches().setClock(row.id, Math.round(offset)))) throw unknownBranch(row.name)
    return this.info({ ...row, clock: Math.round(offset) })
  }

  diff(row: BranchRow, options: CompareOptions | undefined): Promise<BranchDifference> {
    return this.#parts.compare.diff(this, row, options)
  }

  plan(row: BranchRow, choices: MergeChoices | undefined): Promise<MergePlan> {
    return this.#parts.merge.plan(row, choices)
  }

  merge(row: BranchRow, options: MergeOptions): Promise<MergeOutcome> {
    return this.#parts.merge.merge(this, row, options)
  }

  /** Works on a branch. @throws HeadwaterError `branch.unknown` */
  async use<Result>(row: BranchRow, work: (on: OnBranch) => Promise<Result>): Promise<Result> {
    const opened = this.#opened(row)
    opened.users += 1
    try {
      return await work(await opened.on)
    } finally {
      opened.users -= 1
    }
  }

  /** Iterates over something on a branch. */
  async *each<Item>(row: BranchRow, items: (on: OnBranch) => AsyncIterable<Item>): AsyncGenerator<Item> {
    const opened = this.#opened(row)
    opened.users += 1
    try {
      yield* items(await opened.on)
    } finally {
      opened.users -= 1
    }
  }

  async drop(row: BranchRow): Promise<void> {
    const dropped = await this.#branches().drop(row.id)
    if (dropped === 'parent') {
      const message = `Other branches begin on ${row.name}, and would lose their past`
      throw new HeadwaterError('branch.has-branches', message, { details: { branch: row.name } })
    }
    await this.#close(row.id)
    if (dropped === 'unknown') throw unknownBranch(row.name)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.#close(id)))
  }

  #branches(): Branches {
    const { store } = this.#parts
    if (store.branches !== undefined) return store.branches
    throw new HeadwaterError('branch.unsupported', `The store ${store.name} keeps no branches`)
  }

  #opened(row: BranchRow): Opened {
    let opened = this.#open.get(row.id)
    if (opened === undefined) {
      const clock = new BranchClock(this.#parts.clock, row.clock)
      opened = { name: row.name, clock, on: this.#parts.open(row, clock), users: 0 }
      // What couldn't be opened is tried again by the next one.
      opened.on.catch(() => this.#open.delete(row.id))
    }
    opened.clock.offset = row.clock
    this.#open.delete(row.id)
    this.#open.set(row.id, opened)
    this.#trim()
    return opened
  }

  /** Closes those that were not used for the longest time. */
  #trim(): void {
    for (const [id, { users }] of this.#open) {
      if (this.#open.size <= mostOpen) return
      if (users === 0) void this.#close(id)
    }
  }

  async #close(id: number): Promise<void> {
    const opened = this.#open.get(id)
    this.#open.delete(id)
    const [outcome] = await Promise.allSettled([opened?.on])
    if (outcome?.status === 'fulfilled') await outcome.value?.stop()
  }
}

const names = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** @throws HeadwaterError `branch.invalid` */
function checkName(name: string): string {
  if (typeof name === 'string' && names.test(name) && name !== 'main') return name
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : typeof name
  throw invalid(
    `Not a branch’s name: ${shown}; letters, digits, dots, dashes and underscores, at most 63, and not main`,
  )
}

/** @throws HeadwaterError `branch.invalid` */
function checkMoment(at: BranchOptions['at']): void {
  const value = at instanceof Date ? at.getTime() : at
  if (value === undefined || (Number.isSafeInteger(value) && (at instanceof Date || value >= 0))) return
  throw invalid('A branch begins at a position from 0 on, or at a time')
}

function invalid(message: string): HeadwaterError {
  return new HeadwaterError('branch.invalid', message)
}

function unknownBranch(name: string): HeadwaterError {
  return new HeadwaterError('branch.unknown', `There is no branch ${name}`, { details: { branch: name } })
}
