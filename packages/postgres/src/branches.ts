import {
  type BranchCreated,
  type BranchDropped,
  type Branches,
  type BranchesQuery,
  type BranchRow,
  type NewBranch,
  isStorable,
} from '@headwater/core'
import { wordsOf } from './collection.ts'
import type { Database } from './database.ts'
import { codeOf } from './errors.ts'
import { quoted } from './schema.ts'
import { prepared, statementsOf } from './sql.ts'

const sql = prepared('branches')
const textOf = statementsOf('branches')

/** Where a branch has rows; its documents have tables of their own. */
const tables = ['events', 'tags', 'type_ranges', 'commands', 'snapshots', 'external_calls']

type Columns = [
  id: number,
  tenant: string,
  name: string,
  parent: number,
  base: number,
  baseRecordedAt: number | null,
  baseSequence: number,
  clock: number,
  actor: string | null,
  createdAt: number,
]

type Created = [
  status: BranchCreated['status'],
  id: number,
  position: number,
  recordedAt: number | null,
  sequence: number,
]

export class PostgresBranches implements Branches {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async create({ base, ...branch }: NewBranch): Promise<BranchCreated> {
    const { tenant, name, parent, clock, actor, createdAt } = branch
    const { rows } = await this.#database.run<Created>(sql('create'), [
      tenant,
      name,
      parent,
      base?.position ?? null,
      base?.recordedAt ?? null,
      base?.sequence ?? null,
      clock,
      actor,
      createdAt,
    ])
    const [[status, id, position, recordedAt, sequence] = ['no-parent', 0, 0, null, 0] satisfies Created] =
      rows
    if (status !== 'created') return { status }
    const from = { position, recordedAt: recordedAt ?? undefined, sequence }
    return { status, branch: { ...branch, id, base: from } }
  }

  async find(tenant: string, name: string): Promise<BranchRow | undefined> {
    if (!isStorable(tenant + name)) return undefined
    const { rows } = await this.#database.run<Columns>(sql('find'), [tenant, name])
    return rows[0] && branchRow(rows[0])
  }

  async get(id: number): Promise<BranchRow | undefined> {
    const { rows } = await this.#database.run<Columns>(sql('get'), [id])
    return rows[0] && branchRow(rows[0])
  }

  async list({ tenant, after, limit }: BranchesQuery): Promise<readonly BranchRow[]> {
    const from = [after?.tenant ?? tenant ?? '', after?.name ?? '']
    const { rows } = await this.#database.run<Columns>(sql('list'), [...from, tenant ?? null, limit])
    return rows.map(branchRow)
  }

  async setClock(id: number, offset: number): Promise<boolean> {
    const { count } = await this.#database.run(sql('set-clock'), [id, offset])
    return count === 1
  }

  /** Hidden in one transaction; the rest in small ones, between which others write. */
  async drop(id: number): Promise<BranchDropped> {
    const { rows } = await this.#database.run<[BranchDropped]>(sql('hide'), [id, Date.now()])
    for (;;) {
      const { rows: dropped } = await this.#database.run<[number]>(sql('dropped'))
      const branch = dropped[0]?.[0]
      if (branch === undefined) return rows[0]?.[0] ?? 'unknown'
      await this.#forget(branch)
    }
  }

  async #forget(branch: number): Promise<void> {
    const { rows } = await this.#database.run<[string, boolean]>(sql('collections'))
    const collections = rows.flatMap(([table, isSearchable]) =>
      isSearchable ? [table, wordsOf(table)] : [table],
    )
    for (const table of [...tables, ...collections]) while (await this.#shrink(table, branch));
    await this.#database.run(sql('forget'), [branch])
  }

  /** Deletes some of what a branch has in a table; false: there was nothing. */
  async #shrink(table: string, branch: number): Promise<boolean> {
    try {
      const text = textOf('shrink').replaceAll('{table}', quoted(table))
      return (await this.#database.run({ text }, [branch])).count > 0
    } catch (error) {
      // A collection that was dropped meanwhile.
      if (codeOf(error) === '42P01') return false
      throw error
    }
  }
}

function branchRow(columns: Columns): BranchRow {
  return {
    id: columns[0],
    tenant: columns[1],
    name: columns[2],
    parent: columns[3],
    base: { position: columns[4], recordedAt: columns[5] ?? undefined, sequence: columns[6] },
    clock: columns[7],
    actor: columns[8],
    createdAt: columns[9],
  }
}
