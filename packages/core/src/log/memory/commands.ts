import type { AppendRequest } from '../port.ts'
import type { CommandLog, CommandRow } from '../store.ts'
import type { Gate } from './gate.ts'

/** What became of a request that holds a command. */
export interface Decided {
  readonly decidedAt: number
  readonly position: number | null
  readonly events: number
}

export class MemoryCommandLog implements CommandLog {
  readonly #gate: Gate
  readonly #branches = new Map<number, CommandRow[]>()
  readonly #byId = new Map<string, CommandRow>()
  #sequence = 0

  constructor(gate: Gate) {
    this.#gate = gate
  }

  async find(branch: number, tenant: string, id: string): Promise<CommandRow | undefined> {
    await this.#gate.pass()
    return this.#byId.get(keyOf(branch, tenant, id))
  }

  async read(query: {
    branch: number
    tenant: string | undefined
    after: number
    limit: number
  }): Promise<CommandRow[]> {
    await this.#gate.pass()
    const rows = this.#branches.get(query.branch) ?? []
    const found: CommandRow[] = []
    for (let index = firstAfter(rows, query.after); index < rows.length; index += 1) {
      if (found.length >= query.limit) break
      const row = rows[index]
      if (row !== undefined && (query.tenant === undefined || row.tenant === query.tenant)) found.push(row)
    }
    return found
  }

  async trace(query: {
    branch: number
    tenant: string
    correlationId?: string
    causationId?: string
    limit: number
  }): Promise<CommandRow[]> {
    await this.#gate.pass()
    const { correlationId, causationId } = query
    return this.#of(query.branch, query.tenant)
      .filter(
        (row) =>
          (correlationId !== undefined && (row.correlationId ?? row.id) === correlationId) ||
          (causationId !== undefined && row.causationId === causationId),
      )
      .slice(0, query.limit)
  }

  /** Within an append. */
  has({ branch, tenant, commandId }: AppendRequest): boolean {
    return this.#byId.has(keyOf(branch, tenant, commandId))
  }

  /** Within an append. */
  add(request: AppendRequest, decided: Decided): void {
    if (request.command === null) return
    const { branch, tenant, commandId: id, actor, correlationId, command } = request
    const row = Object.freeze({
      sequence: ++this.#sequence,
      tenant,
      id,
      actor,
      correlationId,
      ...command,
      ...decided,
    })
    this.#byId.set(keyOf(branch, tenant, id), row)
    const rows = this.#branches.get(branch)
    if (rows === undefined) this.#branches.set(branch, [row])
    else rows.push(row)
  }

  /** Within an append: takes back the last one. */
  remove({ branch, tenant, commandId }: AppendRequest): void {
    const rows = this.#branches.get(branch)
    if (rows?.at(-1)?.id !== commandId || !this.#byId.delete(keyOf(branch, tenant, commandId))) return
    rows.pop()
  }

  /** Within a change of branches: the last one that was given. */
  get sequence(): number {
    return this.#sequence
  }

  /** Within a change of branches. */
  forget(branch: number): void {
    for (const { tenant, id } of this.#branches.get(branch) ?? [])
      this.#byId.delete(keyOf(branch, tenant, id))
    this.#branches.delete(branch)
  }

  #of(branch: number, tenant: string): CommandRow[] {
    return (this.#branches.get(branch) ?? []).filter((row) => row.tenant === tenant)
  }
}

/** Where those begin whose sequence is beyond one. */
function firstAfter(rows: readonly CommandRow[], sequence: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.sequence ?? 0) > sequence) high = middle
    else low = middle + 1
  }
  return low
}

function keyOf(branch: number, tenant: string, id: string): string {
  return JSON.stringify([branch, tenant, id])
}
