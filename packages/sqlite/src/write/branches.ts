import type { BranchCreated, BranchDropped, NewBranch } from '@headwater/core'
import { mainBranch } from '@headwater/core/port'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'
import type { CollectionWriter } from './collections.ts'

const sql = statementsOf('branches')

type End = readonly [position: number, recordedAt: number]

/** Makes branches, and deletes all that is keyed by one. */
export class BranchWriter {
  readonly #collections: CollectionWriter
  readonly #end: Statement<[number], [number, number | null]>
  readonly #head: Statement<[number], [number, number]>
  readonly #lastCommand: Statement<[], number | null>
  readonly #nextId: Statement<[], number>
  readonly #insert: Statement
  readonly #setClock: Statement
  readonly #child: Statement<[number], number>
  readonly #hide: Statement
  readonly #dropped: Statement<[], number>
  readonly #forget: Statement
  readonly #letGo: Statement
  /** Each deletes some of what a branch has in one table. */
  readonly #shrinkers: readonly ((branch: number) => number)[]

  constructor(database: Database, collections: CollectionWriter) {
    this.#collections = collections
    this.#end = database.prepare<[number], [number, number | null]>(sql('end')).raw()
    this.#head = database.prepare<[number], [number, number]>(statementsOf('append')('head')).raw()
    this.#lastCommand = database.prepare<[], number | null>(sql('last-command')).pluck()
    this.#nextId = database.prepare<[], number>(sql('next-id')).pluck()
    this.#insert = database.prepare(sql('insert'))
    this.#setClock = database.prepare(sql('set-clock'))
    this.#child = database.prepare<[number], number>(sql('child')).pluck()
    this.#hide = database.prepare(sql('hide'))
    this.#dropped = database.prepare<[], number>(sql('dropped')).pluck()
    this.#forget = database.prepare(sql('forget'))
    const shrinkEvents = database.prepare(sql('shrink-events'))
    const others = [
      'shrink-tags',
      'shrink-type-ranges',
      'shrink-commands',
      'hold-sequence',
      'shrink-snapshots',
      'shrink-external-calls',
    ].map((name) => database.prepare(sql(name)))
    this.#letGo = database.prepare(sql('let-go-of-sequences'))
    this.#shrinkers = [
      (branch) => shrinkEvents.run(branch, branch).changes,
      ...others.map((shrink) => (branch: number) => shrink.run(branch).changes),
      (branch) => this.#collections.shrinkBranch(branch),
    ]
  }

  create({ tenant, name, parent, base, clock, actor, createdAt }: NewBranch): BranchCreated {
    const end = this.#endOf(parent)
    if (end === undefined) return { status: 'no-parent' }
    const [position, recordedAt] = end
    const from = base ?? {
      position,
      recordedAt: position === 0 ? undefined : recordedAt,
      sequence: this.#lastCommand.get() ?? 0,
    }
    const id = this.#nextId.get() ?? 0
    const { changes } = this.#insert.run(
      id,
      tenant,
      name,
      parent,
      from.position,
      from.recordedAt ?? null,
      from.sequence,
      clock,
      actor,
      createdAt,
    )
    if (changes === 0) return { status: 'taken' }
    return { status: 'created', branch: { id, tenant, name, parent, base: from, clock, actor, createdAt } }
  }

  setClock(id: number, offset: number): boolean {
    return this.#setClock.run(offset, id).changes === 1
  }

  /** Where a branch begins; undefined: there is no such branch. */
  end(id: number): End | undefined {
    const [position, recordedAt] = this.#end.get(id) ?? []
    return position === undefined ? undefined : [position, recordedAt ?? 0]
  }

  hide(id: number): BranchDropped {
    if (this.#child.get(id) !== undefined) return 'parent'
    return this.#hide.run(Date.now(), id).changes === 1 ? 'dropped' : 'unknown'
  }

  /** Deletes some of what dropped branches left; false: there is nothing left. */
  shrink(): boolean {
    const branch = this.#dropped.get()
    if (branch === undefined) return false
    this.#letGo.run()
    if (!this.#shrinkers.some((shrink) => shrink(branch) > 0)) this.#forget.run(branch)
    return true
  }

  #endOf(branch: number): End | undefined {
    const base = branch === mainBranch ? ([0, 0] as const) : this.end(branch)
    return base && (this.#head.get(branch) ?? base)
  }
}
