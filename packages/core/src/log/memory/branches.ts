import type {
  BranchCreated,
  BranchDropped,
  Branches,
  BranchesQuery,
  BranchRow,
  NewBranch,
} from '../branches.ts'
import { compareText } from '../order.ts'
import { mainBranch } from '../port.ts'
import type { MemoryCommandLog } from './commands.ts'
import type { MemoryDocuments } from './documents.ts'
import type { MemoryExternalJournal } from './external-journal.ts'
import type { Gate } from './gate.ts'
import type { MemoryLog } from './log.ts'
import type { MemorySnapshots } from './snapshots.ts'

/** What keeps something of branches. */
interface Parts {
  readonly log: MemoryLog
  readonly commands: MemoryCommandLog
  readonly documents: MemoryDocuments
  readonly snapshots: MemorySnapshots
  readonly externals: MemoryExternalJournal
}

export class MemoryBranches implements Branches {
  readonly #gate: Gate
  readonly #parts: Parts
  readonly #rows = new Map<number, BranchRow>()
  #last = mainBranch

  constructor(gate: Gate, parts: Parts) {
    this.#gate = gate
    this.#parts = parts
  }

  async create({ base, ...branch }: NewBranch): Promise<BranchCreated> {
    await this.#gate.pass()
    const { log, commands } = this.#parts
    if (this.#named(branch.tenant, branch.name) !== undefined) return { status: 'taken' }
    const end = log.end(branch.parent)
    if (end === undefined) return { status: 'no-parent' }
    const id = ++this.#last
    const from = base ?? { ...end, sequence: commands.sequence }
    const row = Object.freeze({ ...branch, id, base: Object.freeze({ ...from }) })
    this.#rows.set(id, row)
    log.begin(id, from)
    return { status: 'created', branch: row }
  }

  async find(tenant: string, name: string): Promise<BranchRow | undefined> {
    await this.#gate.pass()
    return this.#named(tenant, name)
  }

  async get(id: number): Promise<BranchRow | undefined> {
    await this.#gate.pass()
    return this.#rows.get(id)
  }

  async list({ tenant, after, limit }: BranchesQuery): Promise<readonly BranchRow[]> {
    await this.#gate.pass()
    return [...this.#rows.values()]
      .filter((row) => tenant === undefined || row.tenant === tenant)
      .filter((row) => after === undefined || compare(row, after) > 0)
      .sort(compare)
      .slice(0, limit)
  }

  async setClock(id: number, clock: number): Promise<boolean> {
    await this.#gate.pass()
    const row = this.#rows.get(id)
    if (row === undefined) return false
    this.#rows.set(id, Object.freeze({ ...row, clock }))
    return true
  }

  async drop(id: number): Promise<BranchDropped> {
    await this.#gate.pass()
    if (!this.#rows.has(id)) return 'unknown'
    if ([...this.#rows.values()].some(({ parent }) => parent === id)) return 'parent'
    this.#rows.delete(id)
    for (const part of Object.values(this.#parts) as readonly { forget(branch: number): void }[])
      part.forget(id)
    return 'dropped'
  }

  #named(tenant: string, name: string): BranchRow | undefined {
    return [...this.#rows.values()].find((row) => row.tenant === tenant && row.name === name)
  }
}

type Named = Pick<BranchRow, 'tenant' | 'name'>

function compare(one: Named, other: Named): number {
  return compareText(one.tenant, other.tenant) || compareText(one.name, other.name)
}
