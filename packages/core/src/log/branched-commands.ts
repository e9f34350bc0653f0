import type { Lineages, Segment } from './lineage.ts'
import { mainBranch } from './port.ts'
import type { CommandLog, CommandRow } from './store.ts'

/** The command log of main and of all branches: what was decided before a branch begins is read from its parents. */
export class BranchedCommandLog implements CommandLog {
  readonly #commands: CommandLog
  readonly #lineages: Lineages

  constructor(commands: CommandLog, lineages: Lineages) {
    this.#commands = commands
    this.#lineages = lineages
  }

  async find(branch: number, tenant: string, id: string): Promise<CommandRow | undefined> {
    if (branch === mainBranch) return this.#commands.find(branch, tenant, id)
    const { segments } = await this.#lineages.of(branch)
    for (const { branch: part, sequence } of [...segments].reverse()) {
      const row = await this.#commands.find(part, tenant, id)
      if (row !== undefined && row.sequence <= sequence) return row
    }
    return undefined
  }

  async read(query: Parameters<CommandLog['read']>[0]): Promise<readonly CommandRow[]> {
    if (query.branch === mainBranch) return this.#commands.read(query)
    return this.#gather(query.branch, query.limit, (branch, limit) =>
      this.#commands.read({ ...query, branch, limit }),
    )
  }

  async trace(query: Parameters<CommandLog['trace']>[0]): Promise<readonly CommandRow[]> {
    if (query.branch === mainBranch) return this.#commands.trace(query)
    return this.#gather(query.branch, query.limit, (branch, limit) =>
      this.#commands.trace({ ...query, branch, limit }),
    )
  }

  /** Part by part: sequences are one for all branches, so that what a branch decided comes after all of its past. */
  async #gather(
    branch: number,
    limit: number,
    read: (branch: number, limit: number) => Promise<readonly CommandRow[]>,
  ): Promise<readonly CommandRow[]> {
    const { segments } = await this.#lineages.of(branch)
    const rows: CommandRow[] = []
    for (const part of segments) {
      if (rows.length >= limit) break
      rows.push(...within(part, await read(part.branch, limit - rows.length)))
    }
    return rows
  }
}

function within({ sequence }: Segment, rows: readonly CommandRow[]): readonly CommandRow[] {
  return rows.filter((row) => row.sequence <= sequence)
}
