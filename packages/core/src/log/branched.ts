import type { Branches } from './branches.ts'
import { BranchedCommandLog } from './branched-commands.ts'
import { BranchedLog } from './branched-log.ts'
import { Lineages } from './lineage.ts'
import { Past } from './past.ts'
import type { Log } from './port.ts'
import type { CommandLog } from './store.ts'

/** What a store keeps of branches. */
export interface Tails {
  readonly log: Log
  readonly commands: CommandLog
  readonly branches: Branches
}

/** Gives the ports of a store that keeps the tail of each branch the whole history of each. Main is left as it is. */
export function branched({ log, commands, branches }: Tails): Tails {
  const lineages = new Lineages(branches)
  return {
    log: new BranchedLog(log, lineages, new Past(log, commands, lineages)),
    commands: new BranchedCommandLog(commands, lineages),
    branches: {
      create: (branch) => branches.create(branch),
      find: (tenant, name) => branches.find(tenant, name),
      get: (id) => branches.get(id),
      list: (query) => branches.list(query),
      setClock: (id, offset) => branches.setClock(id, offset),
      async drop(id) {
        try {
          return await branches.drop(id)
        } finally {
          lineages.forget(id)
        }
      },
    },
  }
}
