import type {
  BranchCreated,
  BranchDropped,
  Branches,
  BranchesQuery,
  BranchRow,
  NewBranch,
} from '@headwater/core'
import { type BranchColumns, branchRow } from './branch-row.ts'
import type { Statement } from './database.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('branches')

export class SqliteBranches implements Branches {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #find: Statement<[string, string], BranchColumns>
  readonly #get: Statement<[number], BranchColumns>
  readonly #list: Statement<[string, string, string | null, number], BranchColumns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    const { database } = reader
    this.#find = database.prepare<[string, string], BranchColumns>(sql('find')).raw()
    this.#get = database.prepare<[number], BranchColumns>(sql('get')).raw()
    this.#list = database.prepare<[string, string, string | null, number], BranchColumns>(sql('list')).raw()
  }

  create(branch: NewBranch): Promise<BranchCreated> {
    return this.#writer.perform('createBranch', branch)
  }

  find(tenant: string, name: string): Promise<BranchRow | undefined> {
    return this.#reader.read(() => rowOf(this.#find.get(tenant, name)))
  }

  get(id: number): Promise<BranchRow | undefined> {
    return this.#reader.read(() => rowOf(this.#get.get(id)))
  }

  list({ tenant, after, limit }: BranchesQuery): Promise<readonly BranchRow[]> {
    const from = [after?.tenant ?? tenant ?? '', after?.name ?? ''] as const
    return this.#reader.read(() => this.#list.all(...from, tenant ?? null, limit).map(branchRow))
  }

  setClock(id: number, offset: number): Promise<boolean> {
    return this.#writer.perform('setBranchClock', id, offset)
  }

  /** Hidden in one transaction; the rest in small steps, between which others write and the event loop turns. */
  async drop(id: number): Promise<BranchDropped> {
    const dropped = await this.#writer.perform('hideBranch', id)
    while (await this.#writer.perform('shrinkBranches')) await new Promise(setImmediate)
    return dropped
  }
}

function rowOf(columns: BranchColumns | undefined): BranchRow | undefined {
  return columns && branchRow(columns)
}
