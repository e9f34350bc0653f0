import type { BranchDifference, MergeChoices, MergeOutcome, MergePlan } from '@headwater/client'
import type { Headwater, MergeChoices as LocalChoices } from '@headwater/core'
import { catchUp } from '../app/catch-up.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { operator } from './processors.ts'
import type { BranchesSource, BranchLine } from './source.ts'

/** Those of a database that this process has open. */
export function localBranches(
  headwater: Headwater,
  terminal: Terminal,
  tenant: { readonly tenant?: string },
): BranchesSource {
  const { branches } = headwater
  return {
    async list() {
      const all: BranchLine[] = []
      for (;;) {
        const last = all.at(-1)
        const after = last === undefined ? {} : { after: { name: last.name } }
        const page = await branches.list({ ...tenant, limit: 500, ...after })
        all.push(...page)
        if (page.length < 500) return all
      }
    },
    create: (name, options) => branches.create(name, { ...tenant, ...options, actor: operator() }),
    get: async (name) => headwater.branch(name, tenant).info(),
    moveTo: async (name, time) => headwater.branch(name, tenant).moveTo(time),
    async replay(name, options) {
      await catchUp(headwater, terminal)
      return headwater.branch(name, tenant).replay(options)
    },
    async diff(name, { against, views }) {
      await catchUp(headwater, terminal, views)
      const difference = await headwater.branch(name, tenant).diff({
        ...(against !== undefined && { against }),
        ...(views !== undefined && { views }),
      })
      return asSent<BranchDifference>(difference)
    },
    plan: async (name, choices) =>
      asSent<MergePlan>(await headwater.branch(name, tenant).plan(localChoices(choices))),
    merge: async (name, choices, { why, actor = operator() }) => {
      const options = { ...localChoices(choices), why, actor }
      return asSent<MergeOutcome>(await headwater.branch(name, tenant).merge(options))
    },
    drop: async (name) => headwater.branch(name, tenant).drop(),
  }
}

/** As a server would answer. */
export function asSent<Sent>(value: object): Sent {
  const sent: Sent = JSON.parse(JSON.stringify(value))
  return sent
}

function localChoices({ only, resolve }: MergeChoices): LocalChoices {
  return { ...(only !== undefined && { only }), ...(resolve !== undefined && { resolve }) }
}
